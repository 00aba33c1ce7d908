using System.Net;
using Azure.Data.Tables;
using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Audit.Reading;
using FuncAiSecure.Core.Audit.Storage;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Tests.Audit;

/// <summary>A table, a disk, a clock and a secret that outlive processes; processes that start, are killed and start again.</summary>
internal sealed class AuditWorld : IDisposable
{
    private readonly DirectoryInfo _disk = Directory.CreateTempSubdirectory("funcai-audit-");

    public AuditWorld(TableClient? table = null) => Table = table ?? Fake;

    public FaultyTable Fake { get; } = new();

    public TableClient Table { get; }

    public ManualTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero));

    public FixedSecrets Secrets { get; } = new();

    public string JournalDirectory => Path.Combine(_disk.FullName, "journal");

    public AuditArchive Archive => new(Table, Secrets, Time);

    public static Principal Caller(string id = "caller-1", string credential = "key-1") => new()
    {
        Id = PrincipalId.TryParse(id, out var parsed) ? parsed : throw new ArgumentException(id),
        CredentialKind = CredentialKind.ApiKey,
        CredentialId = credential,
        Roles = Roles.Infer,
        Models = ["*"],
    };

    public static AuditRecord Record(int number, string caller = "caller-1") => new()
    {
        Action = "ModelInfer",
        Outcome = number % 7 == 3 ? "QuotaExceeded" : "served",
        Status = 200,
        RequestId = $"request-{number}",
        TraceId = "0af7651916cd43dd8448eb211c80319c",
        Principal = Caller(caller),
        ClientAddress = IPAddress.Parse("198.51.100.77"),
        Model = number % 2 == 0 ? "even" : "odd",
        Version = 3,
        Units = 17,
        Duration = TimeSpan.FromMilliseconds(12),
        InferenceDuration = TimeSpan.FromMilliseconds(7),
        InputBytes = 1234,
        InputDigest = "00112233445566778899aabbccddeeff",
        Verdicts = [new("injection.classifier", 0.125), new("pii.email", 1)],
    };

    public AuditProcess Start(Action<AuditOptions>? configure = null)
    {
        // No two processes start in one instant: their chains sort by it.
        Time.Advance(TimeSpan.FromMilliseconds(1));
        var options = new AuditOptions { JournalDirectory = JournalDirectory };
        configure?.Invoke(options);
        return new AuditProcess(this, Options.Create(options));
    }

    /// <summary>Starts a process that records, stores everything, so many records a row, and ends in order.</summary>
    public async Task StoreAsync(int count, int from = 0, int perRow = 2)
    {
        using var process = Start();
        (await process.Shipper.TryOpenAsync(default)).ShouldBeTrue();
        for (var i = from; i < from + count; i++)
        {
            process.Trail.TryRecord(Record(i, $"caller-{i % 3}")).ShouldBeTrue();
            if ((i - from) % perRow == perRow - 1)
            {
                (await process.Shipper.TryShipAsync(default)).ShouldBeTrue();
            }
        }

        await process.Shipper.StoppedAsync(default);
        process.Trail.Backlog.ShouldBe(0);
    }

    public async Task<List<AuditEntry>> ReadAsync(AuditQuery? query = null, AuditCursor? after = null) =>
        await Archive.ReadAsync(query ?? new AuditQuery(), after, default).ToListAsync();

    public Task<AuditVerification> VerifyAsync(string? checkpoint = null) => Archive.VerifyAsync(null, null, checkpoint, default);

    public void Dispose() => _disk.Delete(recursive: true);
}

/// <summary>One run of the application, as far as audit goes.</summary>
internal sealed class AuditProcess(AuditWorld world, IOptions<AuditOptions> options) : IDisposable
{
    private AuditShipper? _shipper;

    public AuditTrail Trail { get; } = new(options, world.Time);

    public AuditShipper Shipper => _shipper ??= new(
        Trail, new AuditStore(world.Table), new AuditLedger(world.Table, world.Time), world.Secrets, options, world.Time, NullLogger<AuditShipper>.Instance);

    /// <summary>What SIGKILL leaves: the files as they are, and the lock free. Nothing in memory is saved.</summary>
    public void Kill() => Trail.Dispose();

    public void Dispose()
    {
        _shipper?.Dispose();
        Trail.Dispose();
    }
}

internal sealed class FixedSecrets : IAuditSecrets
{
    public string Current { get; set; } = "v1";

    public bool IsAway { get; set; }

    /// <summary>A version that the vault no longer has.</summary>
    public string? Missing { get; set; }

    public ValueTask<AuditSecret> GetAsync(string? version, CancellationToken cancellationToken)
    {
        if (IsAway)
        {
            throw new Azure.RequestFailedException(503, "away");
        }

        version ??= Current;
        if (version == Missing)
        {
            throw new Azure.RequestFailedException(404, "gone");
        }

        var key = new byte[32];
        System.Text.Encoding.UTF8.GetBytes(version).CopyTo(key, 0);
        return new(new AuditSecret(version, key));
    }
}

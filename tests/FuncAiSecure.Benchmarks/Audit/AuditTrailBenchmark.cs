using System.Net;
using System.Security.Cryptography;
using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Identity;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Benchmarks.Audit;

/// <summary>What a record costs on the request's path, until it is accepted.</summary>
internal sealed class AuditTrailBenchmark : IBenchmark
{
    private const int Samples = 20_000;

    public string Name => "audit";

    public string Purpose => "What an audit record costs on the request's path";

    public Task RunAsync(Report report, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("funcai-bench-");
        try
        {
            using var journaled = Open(folder.FullName);
            var noFolder = Path.Combine(folder.FullName, "file");
            File.WriteAllText(noFolder, "");
            using var queued = Open(noFolder);
            var principal = Caller();
            var input = RandomNumberGenerator.GetBytes(1024);
            var key = RandomNumberGenerator.GetBytes(32);
            var timings = new Rounds(7, TimeSpan.FromMilliseconds(100)).Run(
            [
                ("HMAC-SHA256 of 600 bytes", () => HMACSHA256.HashData(key, input.AsSpan(0, 600))),
                ("accept, memory only", () => queued.TryRecord(Record(principal))),
                ("accept, journaled", () => journaled.TryRecord(Record(principal))),
                ("digest of a 1 KiB input", () => journaled.DigestInput(input)),
            ],
            cancellation);
            report.Table(["step", "µs", "over the HMAC", "bytes allocated"], timings.Select(t => (IReadOnlyList<string>)
                [t.Name, Report.Number(t.Micros), Report.Number(t.Ratio), Report.Number(t.Bytes)]));
            report.Say(Percentiles(journaled, principal));
            report.Say("Accepted means: in its place of the hash chain and copied into the mapped local journal.");
            return Task.CompletedTask;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static AuditTrail Open(string directory)
    {
        var options = new AuditOptions { JournalDirectory = directory, QueueCapacity = 1_000_000, MaxJournalBytes = 1L << 32 };
        var trail = new AuditTrail(Options.Create(options), TimeProvider.System);
        trail.Open(new AuditSecret("bench", new byte[32]));
        trail.StorageIsHealthy = true;
        return trail;
    }

    private static string Percentiles(AuditTrail trail, Principal principal)
    {
        var micros = new double[Samples];
        for (var i = 0; i < Samples; i++)
        {
            var start = TimeProvider.System.GetTimestamp();
            trail.TryRecord(Record(principal));
            micros[i] = TimeProvider.System.GetElapsedTime(start).TotalMicroseconds;
        }

        Array.Sort(micros);
        return $"Of {Report.Number(Samples)} journaled records one by one: p50 {Report.Number(micros[Samples / 2])} µs, "
            + $"p99 {Report.Number(micros[Samples * 99 / 100])} µs, p99.9 {Report.Number(micros[Samples * 999 / 1000])} µs.";
    }

    private static Principal Caller() => new()
    {
        Id = PrincipalId.TryParse("bench", out var id) ? id : default,
        CredentialKind = CredentialKind.ApiKey,
        CredentialId = "0123456789abcdef",
        Roles = Roles.Infer,
        Models = ["*"],
    };

    private static AuditRecord Record(Principal principal) => new()
    {
        Action = "ModelInfer",
        Outcome = "served",
        Status = 200,
        RequestId = "01936f2e7d3c7a1b8c4d5e6f70819203",
        TraceId = "0af7651916cd43dd8448eb211c80319c",
        Principal = principal,
        ClientAddress = Address,
        Model = "ticket-classifier",
        Version = 2,
        Units = 57,
        Duration = TimeSpan.FromMicroseconds(5123),
        InferenceDuration = TimeSpan.FromMicroseconds(4001),
        InputBytes = 812,
        InputDigest = "00112233445566778899aabbccddeeff",
        Verdicts = Verdicts,
    };

    private static readonly IPAddress Address = IPAddress.Parse("198.51.100.7");
    private static readonly System.Collections.Immutable.ImmutableArray<AuditVerdict> Verdicts = [new("injection.classifier", 0.01)];
}

using System.Security.Cryptography;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Models.Integrity;
using static FuncAiSecure.Core.Tests.Models.TempModels;

namespace FuncAiSecure.Core.Tests.Models;

/// <summary>Whose signatures of a manifest count, and what counts as none.</summary>
public sealed class ModelSignatureTests : IDisposable
{
    private readonly TempModels _models = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose()
    {
        _models.Dispose();
        _key.Dispose();
    }

    [Fact]
    public async Task Signature_by_a_trusted_key_is_told()
    {
        var folder = _models.Add();
        TempModels.Sign(folder, _key);

        var result = await ReadAsync(folder, Trust());

        result.Faults.ShouldBeEmpty();
        result.Folder!.SignedBy.ShouldBe(ModelTrust.KeyId(_key));
    }

    [Fact]
    public async Task Unsigned_model_is_refused_where_signatures_are_required() =>
        (await FaultsAsync(_models.Add(), Trust())).ShouldBe(["model.json.sig: is missing, and this deployment serves signed models only"]);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Signature_by_another_key_is_refused_also_where_unsigned_is_allowed(bool required)
    {
        var folder = _models.Add();
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        TempModels.Sign(folder, other);

        (await FaultsAsync(folder, Trust(required))).Single().ShouldStartWith("model.json.sig: is not a signature");
    }

    [Fact]
    public async Task Manifest_changed_after_signing_is_refused()
    {
        var folder = _models.Add();
        TempModels.Sign(folder, _key);
        File.AppendAllText(Path.Combine(folder, "model.json"), " ");

        (await FaultsAsync(folder, Trust())).Single().ShouldStartWith("model.json.sig: is not a signature");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(257)]
    [InlineData(64)]
    public async Task Rubbish_as_signature_is_refused(int length)
    {
        var folder = _models.Add();
        File.WriteAllBytes(Path.Combine(folder, "model.json.sig"), new byte[length]);

        (await FaultsAsync(folder, Trust())).Single().ShouldStartWith("model.json.sig: is ");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Signature_that_changes_between_the_listing_and_the_reading_is_refused(bool grows)
    {
        var folder = _models.Add();
        TempModels.Sign(folder, _key);
        var signature = Path.Combine(folder, "model.json.sig");
        List<ModelFault> faults = [];
        var listed = FolderListing.Read(folder, faults);
        listed["model.json.sig"].Length.ShouldBePositive();
        File.WriteAllBytes(signature, grows ? [.. File.ReadAllBytes(signature), 0] : []);

        await ModelFolderReader.CheckSignatureAsync(
            listed, File.ReadAllBytes(Path.Combine(folder, "model.json")), Trust(), faults, CancellationToken.None);

        faults.Select(fault => fault.ToString()).ShouldBe(["model.json.sig: changed while it was read"]);
    }

    [Fact]
    public async Task Signature_by_nobody_who_is_trusted_leaves_a_model_unsigned_where_that_is_allowed()
    {
        var folder = _models.Add();
        TempModels.Sign(folder, _key);

        (await ReadAsync(folder)).Folder!.SignedBy.ShouldBeNull();
        (await FaultsAsync(folder, ModelTrust.Create([], requireSigned: true))).Single().ShouldStartWith("model.json.sig: is not a signature");
    }

    [Fact]
    public async Task Manifest_and_signature_of_more_than_their_bytes_are_not_read()
    {
        var folder = _models.Add();
        File.WriteAllBytes(Path.Combine(folder, "model.json.sig"), new byte[257]);
        (await FaultsAsync(folder, Trust())).ShouldBe(["model.json.sig: is larger than 256 bytes"]);
        File.WriteAllBytes(Path.Combine(folder, "model.json.sig"), new byte[256]);
        (await FaultsAsync(folder, Trust())).Single().ShouldStartWith("model.json.sig: is not a signature");

        using (var manifest = File.OpenWrite(Path.Combine(folder, "model.json")))
        {
            manifest.SetLength(1L << 40);
        }

        (await FaultsAsync(folder)).ShouldHaveSingleItem().ShouldStartWith("model.json: is larger than");
    }

    [Fact]
    public void Private_key_is_not_taken_as_a_public_one() =>
        Should.Throw<ArgumentException>(() => ModelTrust.Create([_key.ExportPkcs8PrivateKeyPem()], requireSigned: true));

    [Fact]
    public void Key_of_another_curve_is_not_taken()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);

        Should.Throw<ArgumentException>(() => ModelTrust.Create([other.ExportSubjectPublicKeyInfoPem()], requireSigned: true));
    }

    [Fact]
    public void Key_is_the_same_as_PEM_and_as_base64() => ModelTrust.Create(
        [_key.ExportSubjectPublicKeyInfoPem(), Convert.ToBase64String(_key.ExportSubjectPublicKeyInfo())], requireSigned: true)
        .KeyIds.ShouldBe([ModelTrust.KeyId(_key)]);

    private ModelTrust Trust(bool required = true) => ModelTrust.Create([_key.ExportSubjectPublicKeyInfoPem()], required);
}

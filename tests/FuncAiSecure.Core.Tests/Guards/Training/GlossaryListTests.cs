using FuncAiSecure.GuardTraining;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Core.Tests.Guards.Training;

/// <summary>The word lists that the glossary is made of.</summary>
public sealed class GlossaryListTests : IDisposable
{
    private static readonly string Lists = Path.Combine(Repository.Root, "models", "training", "guard", "glossary");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Table_of_the_product_is_made_from_the_lists_as_they_are() =>
        GlossaryWriter.Write(GlossaryList.Read(Lists)).AsSpan().SequenceEqual(
            File.ReadAllBytes(Path.Combine(Repository.Root, "src", "FuncAiSecure.Core", "Guards", "Injection", "glossary.bin"))).ShouldBeTrue();

    [Theory]
    [InlineData("ignore")]
    [InlineData("ignore: a: b")]
    [InlineData("qqzzqq: wort")]
    [InlineData(": wort")]
    [InlineData("ignore: *")]
    [InlineData("ignore: wo*rt")]
    [InlineData("ignore: eins_zwei_drei")]
    [InlineData("ignore: donaudampfschifffahrtsgesellschaft*")]
    public void Malformed_line_is_refused_with_its_place(string line)
    {
        Write("xx", "# a comment", "", "password: parole", line);

        Should.Throw<InvalidDataException>(() => GlossaryList.Read(_folder.FullName)).Message.ShouldStartWith("xx.txt:4: ");
    }

    [Fact]
    public void Forms_are_folded_as_texts_are()
    {
        Write("xx", "password: Çıkış_Éa Große*");

        GlossaryList list = GlossaryList.Read(_folder.FullName);

        list.Words["cikis ea"].ShouldBe("password");
        list.Stems.ShouldHaveSingleItem().ShouldBe(new("grosse", "password"));
    }

    [Fact]
    public void English_goes_before_all_and_the_first_language_before_others()
    {
        Write("xx", "password: gift tan");
        Write("de", "poison: gift tun");
        Write("es", "so: tan tun");
        Write("en", "gift: gift");

        IReadOnlyDictionary<string, string> words = GlossaryList.Read(_folder.FullName).Words;

        words["gift"].ShouldBe("gift");
        words["tan"].ShouldBe("so");
        words["tun"].ShouldBe("so");
    }

    [Fact]
    public void Korean_words_are_stems_because_endings_grow_on_them()
    {
        Write("ko", "password: 비밀번호");

        GlossaryList.Read(_folder.FullName).Stems.Values.ShouldBe(["password"]);
    }

    private void Write(string language, params string[] lines) => File.WriteAllLines(Path.Combine(_folder.FullName, language + ".txt"), lines);
}

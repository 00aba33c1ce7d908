using FuncAiSecure.GuardTraining;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Core.Tests.Guards.Training;

/// <summary>The files of own sentences that the injection guard learns from.</summary>
public sealed class TemplateLineTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Shipped_sentences_are_well_formed() =>
        TemplateLine.ReadAll(Path.Combine(Repository.Root, "models", "training", "guard", "templates")).ShouldContain(line => line.Kind == '+');

    [Theory]
    [InlineData("+no blank")]
    [InlineData("+ ")]
    [InlineData("a sentence without a sign")]
    [InlineData("+ a bracket [that nothing closes")]
    [InlineData("- a bracket that nothing] opens")]
    [InlineData("- a bar | outside")]
    [InlineData("+ a {slot-that-no-file-has}")]
    [InlineData("@english")]
    [InlineData("=slot without a colon")]
    [InlineData("+ said before")]
    public void Malformed_line_is_refused_with_its_place(string line)
    {
        Write("@en", "+ said before", line);

        Should.Throw<InvalidDataException>(() => TemplateLine.ReadAll(_folder.FullName)).Message.ShouldStartWith("own.txt:3: ");
    }

    [Fact]
    public void Sentence_before_any_language_is_refused()
    {
        Write("+ in no language");

        Should.Throw<InvalidDataException>(() => TemplateLine.ReadAll(_folder.FullName)).Message.ShouldStartWith("own.txt:1: ");
    }

    [Fact]
    public void Choices_and_slots_are_filled_and_the_same_seed_gives_the_same_texts()
    {
        Write("@en", "=thing: a cat|a dog", "+ give me {thing} [now|later]", "- plain");

        List<(string Text, bool IsAttack, string Language, string File)> written = Templates.Write(_folder.FullName, 8, 1);

        written.ShouldBe(Templates.Write(_folder.FullName, 8, 1));
        written.Where(w => w.IsAttack).ShouldAllBe(w => !w.Text.Contains('{') && !w.Text.Contains('[') && w.Text.Contains("ME A ", StringComparison.OrdinalIgnoreCase));
        written.ShouldContain(w => !w.IsAttack && w.Language == "en" && w.File == "own");
    }

    private void Write(params string[] lines) => File.WriteAllLines(Path.Combine(_folder.FullName, "own.txt"), lines);
}

using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using FuncAiSecure.Core.Guards;
using FuncAiSecure.Core.Guards.Pii;
using FuncAiSecure.Core.Models;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Core.Tests.Guards.Pii;

/// <summary>Persons and addresses: found by the words around them, and only where a policy names the kind.</summary>
public sealed class PiiNamesTests
{
    private static readonly GuardPolicy Redact = GuardFixture.Pii(PiiAction.Ignore, ("PERSON", PiiAction.Redact), ("ADDRESS", PiiAction.Redact), ("EMAIL", PiiAction.Redact));

    [Theory]
    [InlineData("My name is Anna Berg and I ordered a lamp.", "My name is [PERSON_1] and I ordered a lamp.")]
    [InlineData("Dear Mr van der Meer, call Mrs. O'Brien.", "Dear Mr [PERSON_1], call Mrs. [PERSON_2].")]
    [InlineData("Name: Jean-Luc Moreau\nKind regards,\nJ. P. Whitfield", "Name: [PERSON_1]\nKind regards,\n[PERSON_2]")]
    [InlineData("Меня зовут Ирина Волкова.", "Меня зовут [PERSON_1].")]
    [InlineData("Ich heiße Lena, Lindenallee 5a, 50667 Köln.", "Ich heiße [PERSON_1], [ADDRESS_1].")]
    [InlineData("To 221B Elm St., Apt 4, Portland, OR 97205-1234.", "To [ADDRESS_1].")]
    [InlineData("Au 14 rue de la Paix, 75002 Paris. P.O. Box 1143, Denver, CO 80201", "Au [ADDRESS_1]. [ADDRESS_2]")]
    [InlineData("Dear Mr Ould af Zylen, dear Señora Quib de las Zarnas", "Dear Mr [PERSON_1], dear Señora [PERSON_2]")]
    [InlineData("I ask Mrs. Quibbelmann's lawyer.", "I ask Mrs. [PERSON_1]'s lawyer.")]
    [InlineData("Liebe Quibbel und Zarna, Herr Quibbelmann zur Prüfung", "Liebe [PERSON_1] und Zarna, Herr [PERSON_2] zur Prüfung")]
    public void Names_and_addresses_are_found_by_what_stands_around_them(string text, string expected) =>
        GuardFixture.Input().Inspect(Redact, text).Rewritten.ShouldBe(expected);

    [Theory]
    [InlineData("name: RenderThread >>> com.example")]
    [InlineData("Estimada Sra. de la casa")]
    [InlineData("My name is not on the list.")]
    [InlineData("Dear Sir or Madam, dear Customer, Dear all")]
    [InlineData("Product name: Blue Kettle 2000\nusername: Anna")]
    [InlineData("I miss Paris and the Frau of the house.")]
    [InlineData("Best regards from Lisbon")]
    [InlineData("Kind regards,\nThe Support Team")]
    [InlineData("Elm Dr. Springfield is closed.")]
    [InlineData("The Main Street project; Chapter 12 Street Food; 5 Ways to Road safety")]
    [InlineData("In 1984 Orwell wrote. Rue the day. Via e-mail 5 answers.")]
    [InlineData("Die Hauptstraße ist gesperrt. Streit um 12 Uhr")]
    [InlineData("123456 Baker Street and 12-34 baker street")]
    public void What_only_looks_like_it_is_left_alone(string text) =>
        GuardFixture.Input().Inspect(Redact, text).Action.ShouldBe(GuardAction.Allow);

    [Fact]
    public void A_word_longer_than_a_name_is_none_behind_a_title() =>
        GuardFixture.Input().Inspect(Redact, "Dear Mr " + string.Join('-', Enumerable.Repeat("Quibbel", 8)) + ", hello").Action.ShouldBe(GuardAction.Allow);

    [Theory]
    [InlineData("At Kossuth Lajos utca 12, 1055 Budapest.", "At [ADDRESS_1].")]
    [InlineData("To Istiklal caddesi 7 and Kirkjustræti 4.", "To [ADDRESS_1] and [ADDRESS_2].")]
    [InlineData("12 Elm Street, Apt. 4", "[ADDRESS_1]")]
    [InlineData("Kossuth Lajos utca is long. Anna u said 4. Small katu 5a", "Kossuth Lajos utca is long. Anna u said 4. [ADDRESS_1]")]
    public void A_small_word_for_a_street_may_stand_behind_its_name(string text, string expected) =>
        GuardFixture.Input().Inspect(GuardFixture.Pii(PiiAction.Ignore, ("ADDRESS", PiiAction.Redact)), text).Rewritten.ShouldBe(expected);

    [Theory]
    [InlineData(PiiAction.Detect)]
    [InlineData(PiiAction.Redact)]
    [InlineData(PiiAction.Block)]
    public void A_default_action_alone_does_not_ask_for_them(PiiAction action) =>
        GuardFixture.Input().Inspect(GuardFixture.Pii(action), "My name is Anna Berg, 12 Baker Street.").Action.ShouldBe(GuardAction.Allow);

    [Fact]
    public void A_kind_that_is_named_does_not_bring_the_other() =>
        GuardFixture.Input().Inspect(GuardFixture.Pii(PiiAction.Ignore, ("PERSON", PiiAction.Mask)), "My name is Anna Berg, 12 Baker Street.")
            .Rewritten.ShouldBe("My name is **** ****, 12 Baker Street.");

    [Fact]
    public void What_a_stricter_kind_claims_is_no_name() =>
        GuardFixture.Input().Inspect(Redact, "Contact: Anna@example.com").Rewritten.ShouldBe("Contact: [EMAIL_1]");

    [Fact]
    public void Own_rows_are_found_as_the_documents_say()
    {
        // What docs/guards.md tells of models/training/guard/names.jsonl: nothing wrong, none missed.
        int gold = 0, missed = 0, wrong = 0;
        foreach (string line in File.ReadLines(Path.Combine(Repository.Root, "models", "training", "guard", "names.jsonl")))
        {
            JsonElement row = JsonDocument.Parse(line).RootElement;
            HashSet<(int, int)> want = [.. row.GetProperty("spans").EnumerateArray().Select(s => (s.GetProperty("start").GetInt32(), s.GetProperty("end").GetInt32()))];
            List<PiiSpan> found = [];
            PiiText.Find(row.GetProperty("text").GetString()!, new PiiSink(), found, names: true);
            HashSet<(int, int)> have = [.. found.Where(f => f.Kind is PiiKind.Person or PiiKind.Address).Select(f => (f.Start, f.End))];
            gold += want.Count;
            missed += want.Count(w => !have.Contains(w));
            wrong += have.Count(h => !want.Contains(h));
        }

        (gold, missed, wrong).ShouldBe((55, 0, 0));
    }

    [Fact]
    public void Any_utf16_is_read_and_finds_lie_in_it_in_order() => Prop.ForAll(Texts, text =>
    {
        List<PiiSpan> found = [];
        PiiText.Find(text, new PiiSink(), found, names: true);
        int last = 0;
        foreach (PiiSpan span in found)
        {
            (span.Start >= last && span.Length > 0 && span.End <= text.Length).ShouldBeTrue();
            last = span.End;
        }
    }).QuickCheckThrowOnFailure();

    private static Arbitrary<string> Texts => Gen.OneOf(
        Gen.ArrayOf(Gen.Elements(
            "My name is ", "Dear ", "Mr. ", "Name: ", "regards,\n", "Anna", " Berg", "Berg", "Mark", " Price", " Nguyen", " Thi", "Lan", "anna", " berg", "\"first_name\": \"", "\"", " said", " GmbH", " & ", "van der ", "J.", "O'", "-", " ", "\n", ", ", "12", " Baker", " Street", " St.", "rue de la ", "Postfach ",
            "P.O. Box ", "Apt 4", "10115", " NW1 6XE", "ul. ", "Hauptstraße", "é", "\uD800", "😀", "a@b.example", "4111 1111 1111 1111", "\u200B")).Select(string.Concat),
        Gen.ArrayOf(Gen.Choose(0, 0xFFFF)).Select(units => string.Concat(units.Select(u => (char)u)))).ToArbitrary();
}

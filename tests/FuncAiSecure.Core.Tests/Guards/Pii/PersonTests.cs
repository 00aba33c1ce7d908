using FuncAiSecure.Core.Guards;
using FuncAiSecure.Core.Guards.Pii;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Tests.Guards.Pii;

/// <summary>Persons by the lists of names. There are more texts of look-alikes than of names: a wrong find takes words out of a text.</summary>
public sealed class PersonTests
{
    private static readonly GuardPolicy Redact = GuardFixture.Pii(PiiAction.Ignore, ("PERSON", PiiAction.Redact));

    [Theory]
    [InlineData("Anna Berg ordered a lamp.", "[PERSON_1] ordered a lamp.")]
    [InlineData("I met Tomasz Zieliński and Tomasz Zielinski's wife.", "I met [PERSON_1] and [PERSON_2]'s wife.")]
    [InlineData("Signed: Jean-Luc van der Meer Jr.", "Signed: [PERSON_1]")]
    [InlineData("J. K. Kowalski and Edward J. Kowalski", "[PERSON_1] and [PERSON_2]")]
    [InlineData("for Nguyen Thi Lan and Nagy Eszter", "for [PERSON_1] and [PERSON_2]")]
    [InlineData("SVEN PETTERSSON, room 4", "[PERSON_1], room 4")]
    [InlineData("Kowalska, Marta; Schulz, Holger", "[PERSON_1]; [PERSON_2]")]
    [InlineData("{\"first_name\": \"Zzyva\", \"city\": \"Lima\"}", "{\"first_name\": \"[PERSON_1]\", \"city\": \"Lima\"}")]
    [InlineData("Hi Ahmed, it is done.", "Hi [PERSON_1], it is done.")]
    [InlineData("Then Johanna said no.", "Then [PERSON_1] said no.")]
    [InlineData("hey, eszter kowalski here", "hey, [PERSON_1] here")]
    [InlineData("Mark Kowalski paid.", "[PERSON_1] paid.")]
    [InlineData("Petra Quibbelmann wrote.", "[PERSON_1] wrote.")]
    [InlineData("Petra Quibbel Zarnowatz and Noor El Quibbel wrote.", "[PERSON_1] and [PERSON_2] wrote.")]
    public void A_name_is_found_whole(string text, string expected) => GuardFixture.Input().Inspect(Redact, text).Rewritten.ShouldBe(expected);

    [Theory]
    [InlineData("Peter Schulz came late. Schulz had no ticket, and Peter's train stood.", "[PERSON_1] came late. [PERSON_2] had no ticket, and [PERSON_3]'s train stood.")]
    [InlineData("Peter Bloom came late. In Bloom there was rain.", "[PERSON_1] came late. In Bloom there was rain.")]
    [InlineData("Peter Schulz came late. Firma Schulz was closed, Schulz Street too.", "[PERSON_1] came late. Firma Schulz was closed, Schulz Street too.")]
    public void A_part_of_a_name_is_known_again(string text, string expected) => GuardFixture.Input().Inspect(Redact, text).Rewritten.ShouldBe(expected);

    [Theory]
    [InlineData("Will Price List Long Days change in May or June?")]
    [InlineData("Grace Period, Rose Garden, Summer Day, Rich Text, Frank Talk, Mark Down")]
    [InlineData("Sydney, Florence, Charlotte and Paris in April")]
    [InlineData("Jordan River, Victoria Falls, Georgia Tech, Austin City Limits")]
    [InlineData("Lincoln Park and Kennedy Airport")]
    [InlineData("Turn into Peter Schulz Street, then Anna Schmidt Platz.")]
    [InlineData("Willy-Brandt-Platz, Hugo de Grootlaan, Anna Schulzweg")]
    [InlineData("the corner of 12 Anna Schulz, and at Kossuth Lajos utca")]
    [InlineData("Peter Schulz GmbH, Anna Schmidt & Co, Karl Meier AG and Otto Weber Ltd")]
    [InlineData("Peter Schulz, Inc. and Anna Weber & Sons")]
    [InlineData("Saint Thomas Becker, St. Martin Schulz, Hurricane Maria Weber")]
    [InlineData("Ralph Lauren and Louis Vuitton, Tommy Hilfiger, Charles Schwab")]
    [InlineData("Peter Schulz University and the Anna Weber Foundation")]
    [InlineData("Firma Weber und Familie Schulz, Zeitung Schulz")]
    [InlineData("anna_weber, anna.weber, AnnaWeber, PeterSchulz(), Peter.Schulz, $Anna Weber")]
    [InlineData("C:\\Anna Weber\\x, /Anna Weber/, @Anna Weber, #Peter Schulz")]
    [InlineData("I can do it for you, and the man will ask.")]
    [InlineData("The Schulz, A Weber, New Schmidt, Our Anna")]
    [InlineData("Monday Weber, Mr Please, August Monday")]
    [InlineData("{\"username\": \"Zzyva\", \"filename\": \"Anna\", \"city\": \"Paris\"}")]
    [InlineData("Hi There, Hello World, Thanks Support, Hey Team")]
    [InlineData("Paris, Rose; Jordan, May; Lima, Grace")]
    [InlineData("Use Python, Ruby, Julia, Jenkins and Travis.")]
    [InlineData("marina bay, rich man, grant access, mark down, will power, sofia airport")]
    [InlineData("READ CAREFULLY BEFORE YOU SIGN; PRICE LIST; MARK PAID")]
    [InlineData("")]
    public void What_only_looks_like_a_name_is_left_alone(string text) => GuardFixture.Input().Inspect(Redact, text).Action.ShouldBe(GuardAction.Allow);

    [Theory]
    [InlineData("Anna", NameMark.First)]
    [InlineData("ANNA", NameMark.First)]
    [InlineData("Zieliński", NameMark.Last)]
    [InlineData("zielinski", NameMark.Last)]
    [InlineData("Grace", NameMark.FirstOrWord | NameMark.LastOrWord)]
    [InlineData("Søren", NameMark.First)]
    [InlineData("Quibbelmann", NameMark.None)]
    [InlineData("", NameMark.None)]
    [InlineData("Abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz", NameMark.None)]
    public void The_lists_are_read_without_regard_to_case_and_accents(string word, object mark) => NameList.Shared[word].ShouldBe((NameMark)mark);

    [Fact]
    public void The_lists_hold_what_the_documents_say() => NameList.Shared.Count.ShouldBeInRange(19_000, 20_000);
}

using FsCheck;
using FsCheck.Fluent;
using FuncAiSecure.Core.Guards.Pii;

namespace FuncAiSecure.Core.Tests.Guards.Pii;

public sealed class PiiScannerTests
{
    public static TheoryData<string, string> Found => new()
    {
        { "EMAIL", "write to [jane.o'neil+x@mail.example.co.uk]." },
        { "EMAIL", "(mailto: [a@b.io])" },
        { "PHONE", "ring [+44 20 7946 0958] now" },
        { "PHONE", "my number: call me on [(415) 555-0132 x77], please" },
        { "PHONE", "fax [030/1234567] bitte, Telefon" },
        { "PHONE", "[212-555-0187]" },
        { "PHONE", "phone ［[０２０ ７９４６ ０９５８]］" },
        { "PAYMENT_CARD", "pay with [4111 1111 1111 1111] today" },
        { "PAYMENT_CARD", "amex [378282246310005]" },
        { "IBAN", "to [DE89 3704 0044 0532 0130 00]." },
        { "IBAN", "to [gb82west12345698765432]" },
        { "BIC", "SWIFT code [DEUTDEFF500]" },
        { "US_SSN", "ssn [078-05-1120]" },
        { "US_SSN", "social security number [219099999]" },
        { "US_ITIN", "[912-70-1234]" },
        { "UK_NHS", "NHS number [943 476 5919]" },
        { "UK_NINO", "[AB 12 34 56 C]" },
        { "NATIONAL_ID", "DNI [12345678Z]" },
        { "NATIONAL_ID", "NIE [X1234567L]" },
        { "NATIONAL_ID", "codice [RSSMRA85T10A562S]" },
        { "NATIONAL_ID", "CPF [529.982.247-25]" },
        { "NATIONAL_ID", "PESEL [44051401359]" },
        { "NATIONAL_ID", "TCKN [10000000146]" },
        { "NATIONAL_ID", "Steuer-ID [86095742719]" },
        { "NATIONAL_ID", "BSN [111222333]" },
        { "NATIONAL_ID", "[131052-308T]" },
        { "NATIONAL_ID", "[11010519491231002X]" },
        { "PASSPORT", "passport no. [C01X00T47]" },
        { "DRIVING_LICENCE", "my driver's license is [F255-9215-0094]" },
        { "IP_ADDRESS", "from [192.168.10.254]." },
        { "IP_ADDRESS", "from [2001:db8::8a2e:370:7334] on" },
        { "MAC_ADDRESS", "at [00:1B:44:11:3A:B7]" },
        { "URL", "see [https://example.com/a(b)?c=d]." },
        { "URL_CREDENTIALS", "[postgres://admin:hunter2@db.internal:5432/main]" },
        { "API_KEY", "key [ghp_16C7e42F292c6912E7710c838347Ae178B4a]" },
        { "API_KEY", "AWS [AKIAIOSFODNN7EXAMPLE]" },
        { "API_KEY", "[eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U]" },
        { "PRIVATE_KEY", "[-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----] end" },
        { "CRYPTO_ADDRESS", "send to [1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa]" },
        { "CRYPTO_ADDRESS", "send to [bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq]" },
        { "PAYMENT_CARD", "_[4111 1111 1111 1111]_ in italics" },
        { "PAYMENT_CARD", "scan_[4111111111111111].pdf" },
        { "PAYMENT_CARD", "paid ([4111 1111 1111 1111])" },
        { "PAYMENT_CARD", "+[5555555555554444]" },
        { "PAYMENT_CARD", "[4111\u20101111\u20101111\u20101111]" },
        { "PAYMENT_CARD", "[4111\u22121111\u22121111\u22121111]" },
        { "US_SSN", "([078-05-1120])" },
        { "US_SSN", "[078\u201205\u20121120]" },
        { "IBAN", "to [DE89  3704.0044.0532.0130.00]." },
        { "EMAIL", "mail [jose\u0301@exa\u0301mple.com]." },
        { "PHONE", "([+44 20 7946 0958])" },
        { "PHONE", "([212-555-0187])" },
        { "PHONE", "[8 (495) 123-45-67]" },
        { "PHONE", "[8 800 555 35 35]" },
        { "PHONE", "[08-123 456 78]" },
        { "PHONE", "[030/123 45 67]" },
        { "PHONE", "[612 34 56 78]" },
        { "PHONE", "手机[13800138000]打给我" },
        { "PHONE", "연락처는 [010-1234-5678]입니다" },
        { "PAYMENT_CARD", "卡号[4111111111111111]。" },
        { "DATE_OF_BIRTH", "born on [12/03/1980]" },
        { "DATE_OF_BIRTH", "Date of birth: [3 March 1980]." },
    };

    public static TheoryData<string, string> Left => new()
    {
        { "a card with a wrong check digit", "4111 1111 1111 1112" },
        { "an IBAN with a wrong check", "DE89 3704 0044 0532 0130 01" },
        { "an IBAN of no country", "QQ89370400440532013000" },
        { "an area never issued", "000-12-3456" },
        { "a date", "on 12-03-1980 and 2024-11-05" },
        { "a time and a version", "at 12:30:45, version 1.2.3.4" },
        { "an amount", "it costs $1234567 or 12,345,678" },
        { "a decimal", "3.14159265358979" },
        { "a year range and a score", "1998-2004, 3-2" },
        { "a domain in prose", "asp.net and node.js" },
        { "an at sign alone", "meet @ 5, a@b, @handle" },
        { "an IP out of range", "300.1.2.3" },
        { "a word that is no BIC", "the SWIFT answer ABCDEFGH1" },
        { "a taxpayer number with a pair never given", "912-10-1234" },
        { "an altered bitcoin address", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb" },
        { "an order number", "order 20394857 was sent" },
        { "a DNI with a wrong letter", "12345678A" },
        { "a long number in a name", "scan_4111111111111112_n.jpg" },
        { "a short number in a name", "img_20240131_1830.jpg and v_1" },
        { "a plus before no phone and no card", "+12345678901234567" },
        { "rows of a law", "section 8 (2) 12-34 and 8 (495) 123" },
        { "a table of hundreds", "8 100 200 30 40 50" },
        { "ranges", "10\u201312, 14\u201316, 18\u201320" },
        { "scores", "1\u22121\u22122 and 3\u22120" },
        { "a day and a time", "08-12 2019 1030" },
        { "a day, a year and a time", "05/06 2024 12 30" },
        { "a date and a time", "01-02-2024 10 30" },
        { "hundreds and tens", "112 34 56 78 and 612 34 56" },
        { "numbered points in brackets", "(1) 2, (3) 4 and (12) 34" },
        { "an accent alone", "a\u0301@b and @e\u0301.x" },
        { "an IBAN with three signs between", "DE89 - 37040044053201300" },
        { "an IBAN with a wrong check and dots", "DE89.3704.0044.0532.0130.01" },
        { "a card with dashes and a wrong check", "4111\u20101111\u20101111\u20101112" },
        { "a figure with dashes that was never issued", "000\u201212\u20123456" },
        { "numbers beside signs without blanks", "第12345678号 and 共4111111111111112元" },
        { "letters of a word beside digits", "é4111111111111111 and 4111111111111111é" },
        { "codes with underscores", "a_b_12_c and x_078051120" },
    };

    [Theory]
    [MemberData(nameof(Found))]
    public void Kind_is_found_where_it_stands(string kind, string marked)
    {
        int start = marked.IndexOf('['), end = marked.LastIndexOf(']') - 1;
        string text = marked.Remove(marked.LastIndexOf(']'), 1).Remove(start, 1);

        List<PiiSpan> found = Find(text);

        found.ShouldContain(span => PiiKinds.NameOf(span.Kind) == kind && span.Start == start && span.End == end, $"{string.Join(' ', found)} in {text}");
    }

    [Theory]
    [MemberData(nameof(Left))]
    public void Harmless_signs_are_left_alone(string what, string text) => Find(text).ShouldBeEmpty(what);

    [Fact]
    public void Any_utf16_gives_ordered_spans_inside_the_text() => Prop.ForAll(Texts, text =>
    {
        int last = 0;
        foreach (PiiSpan span in Find(text))
        {
            span.Start.ShouldBeGreaterThanOrEqualTo(last);
            span.Length.ShouldBeGreaterThan(0);
            last = span.End;
        }

        last.ShouldBeLessThanOrEqualTo(text.Length);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Names_of_kinds_read_back()
    {
        foreach (PiiKind kind in PiiKinds.All)
        {
            PiiKinds.TryParse(PiiKinds.NameOf(kind), out PiiKind read).ShouldBeTrue();
            read.ShouldBe(kind);
        }

        PiiKinds.TryParse("email", out _).ShouldBeFalse();
    }

    private static List<PiiSpan> Find(string text)
    {
        List<PiiSpan> spans = [];
        PiiText.Find(text, new PiiSink(), spans);
        return spans;
    }

    private static Arbitrary<string> Texts
    {
        get
        {
            Gen<string> pieces = Gen.Elements(
                "a@b.co", "@", "+", "(", ")", "12", "4111111111111111", " ", "-", ".", "/", "::", "1:", "0x", "DE89", "eyJ", "www.", "http://", ":", "born ", "phone ",
                "555", "é", "٣", "\u200B", "\uD83D", "-----BEGIN PRIVATE KEY-----", "ssn ", "sk-", "_", "x1", "March ", "AB", "\n");
            return Gen.OneOf(
                Gen.ArrayOf(pieces).Select(string.Concat),
                Gen.ArrayOf(Gen.Choose(0, 0xFFFF)).Select(units => string.Concat(units.Select(u => (char)u)))).ToArbitrary();
        }
    }
}

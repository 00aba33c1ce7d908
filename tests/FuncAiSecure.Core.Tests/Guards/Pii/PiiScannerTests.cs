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
        { "URL", "Endpoint=[sb://bus.example/];SharedAccessKeyName=a" },
        { "URL", "[https://example.com/a;v=1/b;c=d]" },
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
        { "PAYMENT_CARD", "+1 [4111 1111 1111 1111] behind a country's code" },
        { "PAYMENT_CARD", "call 12 [4111 1111 1111 1111]" },
        { "PAYMENT_CARD", "call 030 1234567 [4111 1111 1111 1111]" },
        { "PAYMENT_CARD", "[4111-1111-1111-1111] 12/28 123" },
        { "PAYMENT_CARD", "[4111 1111 1111 1111]/12" },
        { "PAYMENT_CARD", "[4111 1111 1111 1111] (123)" },
        { "PAYMENT_CARD", "[4111-1111 1111-1111] and 1" },
        { "PAYMENT_CARD", "[41111111 11111111]" },
        { "PAYMENT_CARD", "17,[4111111111111111],0929" },
        { "PAYMENT_CARD", "4111,[4111-1111-1111-1111],09,28" },
        { "PAYMENT_CARD", "remove [4840 0937 2066 2643], its first groups pass for an Aadhaar number" },
        { "PAYMENT_CARD", "card [4014096137911]" },
        { "PAYMENT_CARD", "[4111 1111 1111 1111],12" },
        { "PAYMENT_CARD", "{\"note\":\"card\\n[4111 1111 1111 1111]\"}" },
        { "PAYMENT_CARD", "card\\u0020[4111111111111111]" },
        { "PAYMENT_CARD", "?q=card%20[4111111111111111]" },
        { "US_SSN", "tel 030 1234567 [078-05-1120]" },
        { "PHONE", "[+49 30 1234567] 415-555-0132" },
        { "PHONE", "[+49 30 1234567] (415) 555-0132" },
        { "PHONE", "Phone #[415-555-0132]" },
        { "PHONE", "โทร[081-234-5678]" },
        { "IBAN", "は[DE89370400440532013000]です" },
        { "URL", "は[https://a.example/b]" },
        { "EMAIL", "[jane@example.com]-1" },
        { "US_SSN", "[078-05-1120] 12/12" },
        { "US_SSN", "1,[078-05-1120],x" },
        { "NATIONAL_ID", "([12345678Z])" },
        { "NATIONAL_ID", "id ([131052-308T])" },
        { "NATIONAL_ID", "Steuer-ID [86 095 742 719]" },
        { "NATIONAL_ID", "主体[12345678Z]です" },
        { "IP_ADDRESS", "(at [46.149.3.16])" },
        { "IP_ADDRESS", "([223.165.26.26], once)" },
        { "IP_ADDRESS", "アドレスは[25.105.179.219]です" },
        { "IP_ADDRESS", "5,[10.1.2.3],ok" },
        { "IP_ADDRESS", "dns [8.8.8.8]" },
        { "IP_ADDRESS", "see [9.9.9.9]:53" },
        { "IP_ADDRESS", "build host [10.0.0.5]" },
        { "IP_ADDRESS", "on [::1] only" },
        { "MAC_ADDRESS", "port [64a5.001c.880a]" },
        { "EMAIL", "メールは[tanaka@docomo.example.jp]まで" },
        { "EMAIL", "[用户@例子.example] too" },
        { "EMAIL", "?name=Lee&email=[lee@example.com]" },
        { "EMAIL", "rcpt=[b.novak@example.cz]" },
        { "EMAIL", "[bounce+user=example.com@example.org]" },
        { "URL", "[rtsp://cam2.example.net:554/live]" },
        { "URL", "[https://example.com]を見て" },
        { "URL_CREDENTIALS", "[mongodb+srv://admin:hunter2@db.example.net/x]" },
        { "PHONE", "[0033 6 55 16 30 72] de 9h" },
        { "PHONE", "oder [040 / 978 29 16-0];" },
        { "PHONE", "اتصل على [0527688742]" },
        { "PHONE", "Infolinia: [801 256 915]" },
        { "PHONE", "Tfno.: [91 114 06 34] y" },
        { "PHONE", "{\"userMobile\":\"[9876543210]\"}" },
        { "PHONE", "{\"home_tel\":[9876543210],\"n\":1}" },
        { "PHONE", "{\"WORKPHONE1\":\"[9876543210]\"}" },
        { "PHONE", "cell=[9876543210]" },
        { "PHONE", "callerId=[9876543210]" },
        { "PHONE", "Phone\n[6722514089]" },
        { "PHONE", "you can reach me\nat [6722514089]" },
        { "PHONE", "call [212-555-0123],12" },
        { "PHONE", "call [33 93 31]" },
        { "PHONE", "Mobile : [06 12 34 56 78]" },
        { "PHONE", "our account manager is on [415-555-0132]" },
        { "PHONE", "Passport office: [0300 222 0000]" },
        { "IP_ADDRESS", "after the upgrade [192.168.3.4]" },
        { "IP_ADDRESS", "an update from [85.12.13.200]" },
        { "IP_ADDRESS", "Failed password for root from [5.5.5.5] port 22" },
        { "URL", "[www.example.com] is down" },
        { "URL", "[example.pt/reset?token=a] was sent" },
        { "DATE_OF_BIRTH", "Födelsedatum: [1983-12-02]" },
        { "DATE_OF_BIRTH", "urodzony [5 maja 1980]" },
        { "API_KEY", "[eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U]." },
        { "API_KEY", "use [eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U]... now" },
        { "API_KEY", "[eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0NTY3ODkwIn0.] unsigned" },
        { "API_KEY", "[eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..48V1_ALb6US04U3b.5eym8TW_c8SuK0lt.XFBoMYUZodetZdvT] encrypted" },
        { "API_KEY", $"[eyJhbGciOiJSUzI1NiJ9.eyJ{new string('a', 1_500)}.{new string('b', 342)}], a long one" },
        { "PRIVATE_KEY", "[-----BEGIN PGP PRIVATE KEY BLOCK-----\nMIIB\n-----END PGP PRIVATE KEY BLOCK-----] end" },
        { "MAC_ADDRESS", "[00:1B:44:11:3A:B7]: no answer" },
        { "DATE_OF_BIRTH", "flat 12a born [3 March 1980] at 5" },
        { "DATE_OF_BIRTH", "born [March 3rd, 1980] 7 pounds" },
        { "DATE_OF_BIRTH", "born in [March 1980] at 5" },
        { "DATE_OF_BIRTH", "née le [1er mars 1980], 3" },
        { "EMAIL", "write to [\"jane\"@example.org] or" },
        { "EMAIL", "[\"jane doe\"@example.org]" },
        { "PAYMENT_CARD", "1.[4111 1111 1111 1111]" },
        { "PAYMENT_CARD", "2.[4111-1111-1111-1111] 12/28" },
        { "PHONE", "1,[212 555 0123]" },
        { "PHONE", "tél [01 23 45 67 89] / 06 55 16 30 72" },
        { "PHONE", "tél 01 23 45 67 89 / [06 55 16 30 72]" },
        { "PHONE", "tel [8765 4321] / 8765 4322" },
        { "PHONE", "+65 8765 4321 / [8765 4322]" },
        { "PHONE", "tel [030/1234567] 030/7654321" },
        { "PHONE", "tel 030/1234567 [030/7654321]" },
        { "PHONE", "call [020 7946 0958] 020 7946 0959" },
        { "PHONE", "tél 01 23 45 67 89 [06 55 16 30 72]" },
        { "PHONE", "tel [040 / 978 29 16 / 17]" },
        { "PHONE", "id,phone,name\n7,[212 555 0123],Lee" },
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
        { "an escaped letter before digits", "%414111111111111111 and \\x4111111111111111" },
        { "an address of mail without a top level", "jane@example.5 and jane@example-1" },
        { "scores of four rounds", "−9 (70-68-69-69=276) and −19 (66-71-68-64)=269" },
        { "a browser's version", "Chrome/110.0.0.0 Safari/537.36" },
        { "binary digits near a phone's word", "signal: 1010 1101 1001" },
        { "a frown", "no answer :((" },
        { "brackets and plus signs without a number", "((((((+((((" },
        { "a name in a program", "use std::dec, Foo::add and a::bad" },
        { "numbers of sections", "Abschnitt 4.2.1.3, § 7.1.2.3 and Table 12.4.3.1" },
        { "numbers of four small parts without a word of networks", "PostgreSQL 16.4.0.1" },
        { "thousands with dots", "1.000.000.000" },
        { "drawn numbers", "04 17 23 31 42 49" },
        { "steps", "10 20 30 40 50" },
        { "sizes", "ring sizes 10 20 30 40" },
        { "numbers drawn from one to fifty", "lotto 05 12 23 34 45" },
        { "a list of pairs that goes on", "50 98 28 96 11 12" },
        { "a fraction", "0.6180339887" },
        { "a payment's reference", "+++090/9337/55493+++" },
        { "a serial number in a phone number's form", "serial 0019-7742-6631" },
        { "another label on the next line", "Telefon fehlt\nCVR 12345674" },
        { "a key that names no phone number", "callback ts=1762151114" },
        { "a key that holds a phone's word", "{\"cancelledAt\": 1762151114, \"hotel\": 4455667, \"telemetry\": \"44556677\"}" },
        { "a key of something about a phone or its owner", "{\"contactId\": 30012345, \"sms_count\": 1234567, \"phoneId\": 44556677}" },
        { "a date near a phone's word", "teléfono, 03/11/2026" },
        { "a date and a time near a phone's word", "Call on 2024-05-06 12:30, Tel. 06.05.24 14.30, Telefon 06/05/2024 12:30" },
        { "a time and a date near a phone's word", "called 10:30 06.05.2024" },
        { "versions before and after", "upgrade from 16.4.0.1 to 16.4.0.2" },
        { "a number with its year", "tel. zam. 2026/11/0045" },
        { "a code for a telephone's keys", "call, then 84255129047#" },
        { "an amount near a phone's word", "tel 1234567,89 kr" },
        { "thousands near a phone's word", "call 2,125,550,123" },
        { "an article number that passes for a card", "4014096137911" },
        { "groups of which the first pass for an Aadhaar number", "4840 0937 2066 2644" },
        { "three groups of digits and dots that are no hardware address", "1234.5678.9012" },
        { "a card that is a fraction's groups", "0.4111 1111 1111 1111 2345" },
        { "a fraction with a card's digits", "1.4111111111111111" },
        { "a handle in quotes", "{\"name\":\"@jane.example\",\"others\":[\"a\",\"@lee.example\"]}" },
        { "a quote that belongs to something else", "5\"x\"@example.org" },
        { "millions before other numbers", "1,234,567 890 1234" },
        { "thousands before other numbers", "counted 1,212 555 0123 and 1,212 555 0123 12" },
        { "two parts of a token alone", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0" },
        { "a public key", "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----" },
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
                "a@b.co", "@", "+", "(", "((", ")", "12", "4111111111111111", " ", "-", ".", "/", "::", "1:", "0x", "DE89", "eyJ", "www.", "http://", ":", "born ", "phone ",
                "555", "é", "٣", "\u200B", "\uD83D", "-----BEGIN PRIVATE KEY-----", "ssn ", "sk-", "_", "x1", "March ", "AB", "\n", "sig=", ":\\/\\/", "年", "X-", "#", "AccountKey=", "8Q~", "AzSe", "%2B", "\\", "\\u002B", new string('a', 42), new string('Z', 33), "ghp_", "=");
            return Gen.OneOf(
                Gen.ArrayOf(pieces).Select(string.Concat),
                Gen.ArrayOf(Gen.Choose(0, 0xFFFF)).Select(units => string.Concat(units.Select(u => (char)u)))).ToArbitrary();
        }
    }
}

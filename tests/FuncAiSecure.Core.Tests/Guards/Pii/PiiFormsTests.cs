using FuncAiSecure.Core.Guards.Pii;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Tests.Guards.Pii;

/// <summary>Forms of writing: a find has exactly the signs of the value, and what only has its form is left.</summary>
public sealed class PiiFormsTests
{
    public static TheoryData<string, string, string> Found => new()
    {
        { "a key in capitals and small letters", "DATE_OF_BIRTH", "{\"dateOfBirth\": \"[1985-03-14]\"}" },
        { "a person who is called as a repository's user", "EMAIL", "write to [git@acme.example]: soon" },
        { "a time behind it", "DATE_OF_BIRTH", "\"birthDate\": \"[1985-03-14]T00:00:00Z\"" },
        { "a key with eight digits", "DATE_OF_BIRTH", "dob=[19850314]&x=1" },
        { "a label with eight digits", "DATE_OF_BIRTH", "Geburtsdatum: [14031985]" },
        { "a month between hyphens", "DATE_OF_BIRTH", "born [14-Mar-1985], married" },
        { "a Russian month", "DATE_OF_BIRTH", "дата рождения [14 марта 1985]" },
        { "a Chinese date", "DATE_OF_BIRTH", "出生日期：[1985年3月14日]" },
        { "a Korean date", "DATE_OF_BIRTH", "생년월일: [1985년 3월 14일]" },
        { "a Japanese date before its word", "DATE_OF_BIRTH", "田中、[1985年3月14日]生まれ" },
        { "a birthday", "DATE_OF_BIRTH", "Geburtstag: [14.03.1985]" },
        { "a birth with its place", "DATE_OF_BIRTH", "nato a Roma il [14/03/1985]" },
        { "two dates of birth", "DATE_OF_BIRTH", "dob of the twins: 14/03/1985 and [14/03/1986]" },
        { "a key of a licence", "DRIVING_LICENCE", "\"driverLicense\":\"[D1234567]\"" },
        { "a Dutch licence", "DRIVING_LICENCE", "Rijbewijs: [4123456789]" },
        { "a German short word", "PASSPORT", "Pass-Nr. [C01X00T47]" },
        { "a Korean passport", "PASSPORT", "여권번호 [M12345678]" },
        { "a Russian passport in groups", "PASSPORT", "Паспорт: [45 08 123456]" },
        { "a bank's code with its country", "BIC", "SWIFT: [COBADEFFXXX]" },
        { "hyphens in a DNI", "NATIONAL_ID", "DNI [12345678-Z]" },
        { "dots in a DNI", "NATIONAL_ID", "DNI: [12.345.678-Z]." },
        { "hyphens in a NIE", "NATIONAL_ID", "NIE [X-1234567-L]" },
        { "hyphens in a SIN", "NATIONAL_ID", "SIN [046-454-286]" },
        { "a password without a user", "URL_CREDENTIALS", "[redis://:p4ss@cache:6379/0]" },
        { "slashes that JSON escapes", "URL_CREDENTIALS", "\"dsn\":\"[redis:\\/\\/app:pw@cache:6379\\/0]\"" },
        { "brackets inside and around", "URL", "([https://en.example.org/wiki/A_(b)])." },
        { "a name and an underscore", "IBAN", "statement_[DE89370400440532013000].pdf" },
        { "a line's end within", "IBAN", "to [DE89 3704 0044\r\n0532 0130 00], please" },
        { "odd groups of a card that is named", "PAYMENT_CARD", "my card no. [4 242 424 242 424 242]" },
        { "eight pairs", "MAC_ADDRESS", "EUI-64 [00:1A:2B:FF:FE:3C:4D:5E]" },
        { "a name server", "IP_ADDRESS", "nameserver [8.8.8.8]" },
        { "the first of two behind a slash", "PHONE", "Phone/Fax: [212-555-0123]/212-555-0124" },
        { "the second of two behind a slash", "PHONE", "Phone/Fax: 212-555-0123/[212-555-0124]" },
        { "the second of two alike behind a slash", "PHONE", "Tel 020 7946 0018/[020 7946 0019]" },
        { "the second of two in one piece behind a slash", "PHONE", "Tel 02079460018/[02079460019]" },
        { "two of two groups behind a slash", "PHONE", "Tel: 98765 43210/[98765 43211]" },
        { "a town's code behind it", "PHONE", "[+49 30 901820] 10115 Berlin" },
        { "a town's code behind a national one", "PHONE", "Tel. [01 42 68 53 00] 75008 Paris" },
        { "a town's code in two parts", "PHONE", "tel. [22 123 45 67] 00-950 Warszawa" },
        { "a name behind a number's last four digits", "PHONE", "Tel. [+55 11 98765 4321] Ana" },
        { "opening hours", "PHONE", "Call [0800 123 4567] 24 hours" },
        { "around the clock", "PHONE", "Call [212-555-0123] 24/7" },
        { "a list's number", "PHONE", "1. [212-555-0123]" },
        { "a time of day before it", "PHONE", "20:19 [07700 900123] missed call" },
        { "a key inside a key", "PHONE", "{\"phone\":{\"home\":\"[2125550123]\"}}" },
        { "a sign for number", "PHONE", "my phone # is [2125550123]" },
        { "a sign for number directly before it", "PHONE", "Phone#[2125550123]" },
        { "pairs that grow, behind a label", "PHONE", "Tlf.: [22 34 56 78]" },
        { "an extension behind a colon", "PHONE", "Phone: [(212)555-0123 Ext: 99]" },
        { "an extension behind a sign for number", "PHONE", "Phone: [(212) 555-0123 #99]" },
        { "a signature's letter", "PHONE", "Jane Doe\nM: [98765432]\nAcme" },
        { "a signature's second letter", "PHONE", "T: 020 7946 0958 | M: [6 12 34 56 78]" },
        { "a signature's letter behind blanks", "PHONE", "E: post  T: [555-0142]  W: www" },
        { "a signature's letter with a point", "PHONE", "F. [301820555], Oslo" },
        { "a Spanish label", "PHONE", "Cel: [9 8765 4321]" },
        { "a Vietnamese label", "PHONE", "SĐT: [0912345678]" },
        { "a Polish sentence", "PHONE", "mój numer to [601234567]" },
        { "a Hindi sentence", "PHONE", "मेरा नंबर [9876543210]" },
        { "a Chinese sentence", "PHONE", "我的号码是[13812345678]" },
        { "an Arabic sentence", "PHONE", "رقمي [0501234567]" },
        { "an Indonesian sentence", "PHONE", "nomor saya [081234567890]" },
        { "an extension behind x and a blank", "PHONE", "Her line: [(978) 555-0155 x 12]." },
        { "a French extension", "PHONE", "c'est le [514 555-0133, poste 221]." },
        { "a German extension", "PHONE", "Tel. [030 901820 Durchwahl 17]" },
        { "how often somebody called", "PHONE", "tried [604.555.0119] x2, no answer" },
        { "how long a call took", "PHONE", "10:15 [(85) 3555-0187] 4 min" },
        { "a label behind a hyphen", "PHONE", "[020 7946 0018]-Fax" },
        { "a Chinese word of messages", "PHONE", "微信同号[13955501928]，请备注" },
        { "groups that a word names", "US_SSN", "Taxpayer [412 66 3071] filed jointly" },
        { "groups behind a short word", "US_SSN", "DOB unknown, social [514 22 7781]." },
        { "a host by its ending", "URL", "reclame en [reclamaciones.example.com] con su" },
        { "a host at a sentence's end", "URL", "It is all on [example.org]." },
        { "a host under a second level", "URL", "the portal's moved to [portal.example.com.au], now" },
        { "a host with a hyphen and a country", "URL", "Have a look at [lindstrom-berg.se] for hours" },
        { "a host with a hyphen and a path", "URL", "see [berg-verlag.de/a]" },
        { "a host that a word names", "URL", "visit [beispiel.de] today" },
        { "a Russian host", "URL", "Расписание есть на [пример.рф], но" },
        { "a host with a port", "URL", "[example.com:8080] is up" },
        { "a Japanese sentence behind a path", "URL", "詳しくは[https://example.jp/campaign/]をご覧ください" },
        { "a Chinese sentence behind a path", "URL", "打开[https://example.cn/abc]查看" },
        { "a path in another script", "URL", "[https://ja.example.org/wiki/東京]" },
        { "an address of two small parts", "IP_ADDRESS", "ping [1::3]" },
        { "a Chinese sentence behind a comma", "URL", "文档见[https://wiki.example.cn/env],有问题请" },
        { "an ending of a word that is named", "URL", "Visit [tidepool.museum] today" },
        { "a British mobile in one piece", "PHONE", "Could you take [07700900555] off the list" },
        { "an extension that says what it is of", "PHONE", "Contabilidad: [55 5550 1439 ext. 103] y" },
        { "a bracket behind it", "PHONE", "New from [+12065550178] (0:42)" },
        { "a Japanese number by its word", "PHONE", "携帯の番号、[080-5550-1427]だった" },
    };

    public static TheoryData<string, string> Left => new()
    {
        { "a fingerprint of a key", "MD5 16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48" },
        { "a longer fingerprint of a key", "DA:39:A3:EE:5E:6B:4B:0D:32:55:BF:EF:95:60:18:90:AF:D8:07:09" },
        { "a part number that begins like a social security number", "part 123-45-6789-0" },
        { "pictures at twice the size", "img/icon@2x.png, logo@3x.webp" },
        { "odd groups of a card's digits", "rows 4 242 424 242 424 242" },
        { "a firm's number", "Registered in England and Wales No. 01234567" },
        { "another firm's number", "Company registered number: 04567891" },
        { "a tax number near a phone's word", "Call us. VAT Reg No. GB 123 4567 89" },
        { "what is counted", "we reached 1234567 users, called 1234567 times, text length 1048576 bytes" },
        { "a measured signal", "the signal at 1575420000 Hz" },
        { "a build", "mobile app build 20261123" },
        { "a model", "fax machine model 2125-5550" },
        { "a year in brackets", "Smith (2019) 1234567" },
        { "zeros", "00 00 00 00 00 00 and 0001-0002-0003" },
        { "too few digits behind two zeros", "ACN 004 085 616" },
        { "a customer's number", "Kundennr. 030 901820" },
        { "coordinates with signs", "lat +52.520008 lon +13.404954" },
        { "words in capitals near SWIFT", "SWIFT transfer: ACCOUNTS ARE FROZEN, EXPERIENCED CONTACTS" },
        { "an order's number near a passport", "Your passport expires in 2029. Order 12345678" },
        { "a contract's number in a compound", "Ihr Handyvertrag Nr. 123456789, Telefonrechnung Nr. 2026112345" },
        { "contracts and orders in other languages", "Téléphone fixe, contrat 123456789. Chiamo per l'ordine 123456789" },
        { "a moment near a phone's word", "phone verified at: 1700000000000. It called at 1700000000" },
        { "a device's number", "mobile phone imei 490154203237518" },
        { "a day that nobody is born on", "创建于2020年3月14日" },
        { "a repository's place", "git clone git@github.com:acme/repo.git" },
        { "letters before other numbers", "T: 12:30, M: 36.6, P: 1200; F: 1700000000\nM: 12 345 678 units\nitem M: 98765432" },
        { "a ticket's number near a phone's word", "call about ticket # 2125550123" },
        { "a case's number in a phone number's form", "In case 0123-456-789 the court held" },
        { "a ticket's number in a phone number's form", "ticket 016 2471190356" },
        { "a quote's number in a phone number's form", "見積番号 03-5550-0001-2 の" },
        { "a Japanese postal code", "〒460-0008 名古屋" },
        { "an order's number that begins like a British mobile", "order 07712345678" },
        { "an article's code", "1 x 020-7946-0001-KIT and asset 800-55-1234-X" },
        { "a ratio", "Ratio of 1::3 was a typo" },
        { "names in programs", "com.example.app, org.junit.net, java.net, logger.info, obj.id, System.Net, app.com(x), a_b.com" },
        { "files and endings of countries", "script.pl, main.rs, build.sh, lib.so, do.it and ready.to.be" },
        { "parts of other things", "a..com, .com, x.com_y, \\share.com" },
    };

    [Theory]
    [MemberData(nameof(Found))]
    public void Value_is_found_as_it_is_written(string form, string kind, string marked)
    {
        int start = marked.IndexOf('['), end = marked.LastIndexOf(']') - 1;
        string text = marked.Remove(marked.LastIndexOf(']'), 1).Remove(start, 1);

        List<PiiSpan> found = Find(text);

        found.ShouldContain(span => PiiKinds.NameOf(span.Kind) == kind && span.Start == start && span.End == end, $"{form}: {string.Join(' ', found)} in {text}");
    }

    [Theory]
    [MemberData(nameof(Left))]
    public void Value_that_only_has_the_form_is_left(string what, string text) => Find(text).ShouldBeEmpty(what);

    [Fact]
    public void Date_behind_a_date_of_birth_that_a_word_parts_is_left() =>
        Find("WHERE dob = '1985-03-14' AND created > '2020-01-01'").ShouldHaveSingleItem().Start.ShouldBe(13);

    [Fact]
    public void Link_that_goes_on_behind_the_one_that_it_begins_in_is_read() =>
        GuardFixture.Input().Inspect(GuardFixture.Pii(PiiAction.Detect, ("URL_CREDENTIALS", PiiAction.Redact)), "https://a.example/&redis:\\/\\/:p4ss@cache").Rewritten
            .ShouldBe("https://a.example/&[URL_CREDENTIALS_1]");

    [Fact]
    public void Link_in_a_links_text_ends_with_the_text() =>
        Find("see [https://a.example/b](https://a.example/b)").Select(span => (span.Start, span.End)).ShouldBe([(5, 24), (26, 45)]);

    private static List<PiiSpan> Find(string text)
    {
        List<PiiSpan> spans = [];
        PiiText.Find(text, new PiiSink(), spans);
        return spans;
    }
}

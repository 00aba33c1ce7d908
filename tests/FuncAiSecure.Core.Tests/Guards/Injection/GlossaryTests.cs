using FsCheck;
using FsCheck.Fluent;
using FuncAiSecure.Core.Guards.Injection;
using FuncAiSecure.Core.Guards.Normalization;

namespace FuncAiSecure.Core.Tests.Guards.Injection;

/// <summary>Words of other languages are read as the English words that they mean, English ones as what they are.</summary>
public sealed class GlossaryTests
{
    [Theory]
    [InlineData("ignoriere", "ignore")]
    [InlineData("Anweisungen", "instructions")]
    [InlineData("instrucciones", "instructions")]
    [InlineData("contraseña", "password")]
    [InlineData("инструкциями", "instructions")]
    [InlineData("κωδικό", "password")]
    [InlineData("şifre", "password")]
    public void Word_is_read_as_the_english_one(string word, string english) => Single(word).ShouldBe(English(english));

    [Theory]
    [InlineData("l'utilisateur", "user")]
    [InlineData("l’utilisateur", "user")]
    [InlineData("dell'utente", "user")]
    public void Word_after_an_article_and_an_apostrophe_counts(string word, string english) => Single(word).ShouldBe(English(english));

    [Theory]
    [InlineData("ولتعليمات", "تعليمات")]
    [InlineData("שהסיסמה", "סיסמה")]
    public void Prefixes_of_arabic_and_hebrew_are_passed_over(string prefixed, string plain) => Single(prefixed).Hash.ShouldBe(Single(plain).Hash);

    [Theory]
    [InlineData("忽略密码", "ignore", "password")]
    [InlineData("パスワード", "password")]
    [InlineData("bỏ qua mật khẩu", "ignore", "password")]
    public void Words_of_a_run_and_pairs_are_found(string text, params string[] english) =>
        Read(text).Select(t => t.Hash).ToArray().ShouldBe(english.Select(TokenHash));

    [Theory]
    [InlineData("to")]
    [InlineData("is")]
    [InlineData("as")]
    [InlineData("do")]
    [InlineData("on")]
    [InlineData("ai")]
    [InlineData("die")]
    [InlineData("war")]
    [InlineData("ban")]
    [InlineData("roman")]
    [InlineData("stock")]
    [InlineData("informal")]
    [InlineData("don't")]
    [InlineData("it's")]
    [InlineData("xqzzt")]
    [InlineData("12")]
    public void English_and_unknown_words_stay_what_they_are(string word) => Single(word).Hash.ShouldBe(TokenHash(word));

    [Theory]
    [InlineData("'")]
    [InlineData("a'")]
    [InlineData("'''''")]
    [InlineData("و")]
    [InlineData("وال")]
    [InlineData("忽")]
    [InlineData("\ud800")]
    public void Pieces_of_words_break_nothing(string text) => Read(text).ShouldAllBe(token => token.Length > 0);

    [Fact]
    public void Tokens_lie_in_order_within_any_text() => Prop.ForAll<string?>(InOrder).QuickCheckThrowOnFailure();

    private static void InOrder(string? text)
    {
        string view = text ?? "";
        int end = 0;
        foreach (Token token in Tokens(view))
        {
            token.Start.ShouldBeGreaterThanOrEqualTo(end);
            token.Length.ShouldBePositive();
            end = token.Start + token.Length;
        }

        end.ShouldBeLessThanOrEqualTo(view.Length);
    }

    private static uint TokenHash(string word) => WordHash.Of(word);

    private static (uint Hash, int Row) English(string word) => (WordHash.Of(word), CommonWords.Shared.RankOf(word));

    private static (uint Hash, int Row) Single(string word)
    {
        Token token = Read(word).ShouldHaveSingleItem();
        return (token.Hash, token.Row);
    }

    private static Token[] Read(string text)
    {
        using TextViews views = TextNormalizer.Create(text);
        return Tokens(views.Chars(views.Views[0]).ToString());
    }

    private static Token[] Tokens(string view)
    {
        using TokenList tokens = new();
        tokens.Read(view);
        return tokens.Tokens.ToArray();
    }
}

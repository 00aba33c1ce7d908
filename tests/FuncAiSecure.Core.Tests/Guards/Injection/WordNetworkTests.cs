using FuncAiSecure.Core.Guards.Injection;

namespace FuncAiSecure.Core.Tests.Guards.Injection;

public sealed class WordNetworkTests
{
    [Theory]
    [InlineData("qwzxv")]
    [InlineData("")]
    [InlineData("'s")]
    [InlineData("Password")]
    [InlineData("passw0rd")]
    [InlineData("пароль")]
    [InlineData("abcdefghijklmnopqrstuvwxyz")]
    public void Word_outside_the_list_has_no_row(string word) => MeantWord.RowOf(word).ShouldBe(-1);

    [Theory]
    [InlineData("model's", "model")]
    [InlineData("model’s", "model")]
    public void Word_before_an_apostrophe_counts(string word, string before) => MeantWord.RowOf(word).ShouldBe(MeantWord.RowOf(before));

    [Fact]
    public void Every_word_of_the_list_has_its_row_and_behind_them_stand_the_other_symbols()
    {
        string[] listed = System.Text.Encoding.ASCII.GetString(EmbeddedFile.Read("Guards.words.txt")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        listed.Select(word => MeantWord.RowOf(word)).ShouldBe(Enumerable.Range(0, listed.Length));
        WordNetwork.Unknown.ShouldBe(listed.Length);
        WordNetwork.SymbolsOf(new MeantWord(-1, Concepts.Override | Concepts.Exfiltrate)).ShouldBe([listed.Length, listed.Length + 1, WordNetwork.Padding - 1]);
        WordNetwork.SymbolsOf(new MeantWord(7, Concepts.None)).ShouldBe([7]);
        WordNetwork.Rows.ShouldBe(WordNetwork.Padding + 1);
    }

    [Fact]
    public void Words_and_their_symbols_give_the_score_of_the_formula()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            WordNetwork network = Random(seed);
            MeantWord[] words = [.. Words(seed, 1 + (seed * 5))];
            float expected = Reference(network, words);

            network.Score(words).ShouldBe(expected, 1e-4f);
            network.Score(Symbols(words, 22), 22).ShouldBe(expected, 1e-4f);
            Math.Abs(Random(seed + 1).Score(words) - expected).ShouldBeGreaterThan(1e-4f);
        }
    }

    [Fact]
    public void Word_with_every_meaning_does_not_overflow()
    {
        WordNetwork network = Filled(sbyte.MaxValue);

        network.Score([new MeantWord(0, (Concepts)((1u << WordNetwork.Meanings) - 1))]).ShouldBe(WordNetwork.Units * (WordNetwork.Meanings + 1) * sbyte.MaxValue, 0.1f);
    }

    [Fact]
    public void Units_below_zero_say_nothing() => Filled(sbyte.MinValue).Score([.. Words(1, 30)]).ShouldBe(0);

    [Fact]
    public void Order_of_words_does_not_matter_and_their_number_does()
    {
        WordNetwork network = Random(3);
        MeantWord[] words = [.. Words(7, 20)];

        network.Score(words.Reverse().ToArray()).ShouldBe(network.Score(words), 1e-4f);
        Math.Abs(network.Score(words.AsSpan(0, 10)) - network.Score(words)).ShouldBeGreaterThan(1e-3f);
    }

    [Fact]
    public void No_words_say_nothing() => Random(4).Score(Array.Empty<MeantWord>()).ShouldBe(0);

    [Theory]
    [InlineData(3, 2)]
    [InlineData(2, 0)]
    [InlineData(2, -1)]
    [InlineData(1, 3)]
    public void Symbols_that_are_no_whole_words_give_no_score(int length, int symbolsAWord) => Random(5).Score(new double[length], symbolsAWord).ShouldBe(float.NaN);

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(1e9)]
    public void Symbol_without_a_row_gives_no_score(double symbol) => Random(5).Score([0, symbol], 1).ShouldBe(float.NaN);

    [Theory]
    [InlineData(0, 12, 5, 0, 5)]
    [InlineData(0, 12, 96, 0, 96)]
    [InlineData(0, 12, 500, 0, 96)]
    [InlineData(488, 500, 500, 404, 500)]
    [InlineData(200, 328, 500, 216, 312)]
    [InlineData(0, 0, 0, 0, 0)]
    public void Stretch_lies_around_the_place_and_inside_the_text(int from, int to, int words, int first, int last) =>
        WordNetwork.Around(from, to, words).ShouldBe((first, last));

    private static IEnumerable<MeantWord> Words(int seed, int count)
    {
        Random random = new(seed);
        return Enumerable.Range(0, count).Select(i => new MeantWord(i % 5 == 0 ? -1 : random.Next(WordNetwork.Unknown), (Concepts)(i % 3 == 0 ? random.Next(1 << WordNetwork.Meanings) : 0)));
    }

    private static double[] Symbols(MeantWord[] words, int each) =>
        [.. words.SelectMany(word => WordNetwork.SymbolsOf(word).Concat(Enumerable.Repeat(WordNetwork.Padding, each)).Take(each)).Select(symbol => (double)symbol)];

    /// <summary>The most and the mean of every rectified unit, weighed, as the network's description says.</summary>
    private static float Reference(WordNetwork network, MeantWord[] words)
    {
        double score = 0;
        for (int unit = 0; unit < WordNetwork.Units; unit++)
        {
            double[] values = [.. words.Select(word => (double)Math.Max(0, WordNetwork.SymbolsOf(word).Sum(symbol => network.Table[(symbol * WordNetwork.Units) + unit])))];
            double mean = values.Sum() / Math.Max(words.Length, WordNetwork.LeastWords);
            score += network.Scale[unit] * ((network.Output[unit] * values.Max()) + (network.Output[WordNetwork.Units + unit] * mean));
        }

        return (float)score;
    }

    private static WordNetwork Random(int seed)
    {
        Random random = new(seed);
        sbyte[] table = new sbyte[WordNetwork.Rows * WordNetwork.Units];
        random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(table.AsSpan(0, WordNetwork.Padding * WordNetwork.Units)));
        float[] Weights(int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() - 0.5f) / 64)];
        return new WordNetwork(table, Weights(WordNetwork.Units), Weights(2 * WordNetwork.Units));
    }

    /// <summary>One step everywhere, worth 1; only the most of a unit counts.</summary>
    private static WordNetwork Filled(sbyte step)
    {
        sbyte[] table = new sbyte[WordNetwork.Rows * WordNetwork.Units];
        table.AsSpan().Fill(step);
        float[] scale = new float[WordNetwork.Units], output = new float[2 * WordNetwork.Units];
        scale.AsSpan().Fill(1);
        output.AsSpan(0, WordNetwork.Units).Fill(1);
        return new WordNetwork(table, scale, output);
    }
}

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
    public void Word_outside_the_list_has_no_vector(string word) => WordVectors.RowOf(word).ShouldBe(-1);

    [Theory]
    [InlineData("model's", "model")]
    [InlineData("model’s", "model")]
    public void Word_before_an_apostrophe_counts(string word, string before) => WordVectors.RowOf(word).ShouldBe(WordVectors.RowOf(before));

    [Fact]
    public void Every_word_of_the_list_has_a_row_and_there_are_no_more()
    {
        using Stream words = typeof(WordVectors).Assembly.GetManifestResourceStream("Guards.words.txt")!;
        using Stream vectors = typeof(WordVectors).Assembly.GetManifestResourceStream("Guards.vectors.bin")!;
        string[] listed = new StreamReader(words).ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);

        (vectors.Length / (double)WordVectors.Size).ShouldBe(listed.Length);
        WordVectors.RowOf(listed[^1]).ShouldBe(listed.Length - 1);
    }

    [Theory]
    [InlineData("ignore", "disregard", "banana")]
    [InlineData("password", "login", "river")]
    [InlineData("instructions", "guidelines", "horse")]
    public void Words_of_like_meaning_stand_closer_than_others(string word, string like, string other) =>
        Cosine(word, like).ShouldBeGreaterThan(Cosine(word, other) + 0.1);

    [Fact]
    public void Layer_here_and_layer_from_inputs_give_the_same_score()
    {
        WordNetwork network = Random(1);
        MeantWord[] words = [.. Words(40)];
        double[] inputs = [.. words.SelectMany(WordNetwork.InputsOf).Select(i => (double)i)];

        float score = network.Score(words);

        network.Score(inputs).ShouldBe(score, 1e-4f);
        Math.Abs(Random(2).Score(words) - score).ShouldBeGreaterThan(1e-3f);
    }

    [Fact]
    public void Order_of_words_does_not_matter_and_their_number_does()
    {
        WordNetwork network = Random(3);
        MeantWord[] words = [.. Words(20)];

        network.Score(words.Reverse().ToArray()).ShouldBe(network.Score(words), 1e-4f);
        Math.Abs(network.Score(words.AsSpan(0, 10)) - network.Score(words)).ShouldBeGreaterThan(1e-3f);
    }

    [Fact]
    public void No_words_say_nothing() => Random(4).Score(Array.Empty<MeantWord>()).ShouldBe(0);

    [Theory]
    [InlineData(1)]
    [InlineData(WordNetwork.Inputs - 1)]
    [InlineData(WordNetwork.Inputs + 1)]
    public void Inputs_that_are_no_whole_words_give_no_score(int length) => Random(5).Score(new double[length]).ShouldBe(float.NaN);

    [Theory]
    [InlineData(0, 12, 5, 0, 5)]
    [InlineData(0, 12, 96, 0, 96)]
    [InlineData(0, 12, 500, 0, 96)]
    [InlineData(488, 500, 500, 404, 500)]
    [InlineData(200, 328, 500, 216, 312)]
    [InlineData(0, 0, 0, 0, 0)]
    public void Stretch_lies_around_the_place_and_inside_the_text(int from, int to, int words, int first, int last) =>
        WordNetwork.Around(from, to, words).ShouldBe((first, last));

    private static IEnumerable<MeantWord> Words(int count)
    {
        Random random = new(7);
        return Enumerable.Range(0, count).Select(i => new MeantWord(i % 5 == 0 ? -1 : random.Next(5_000), (Concepts)(i % 3 == 0 ? random.Next(1 << 21) : 0)));
    }

    private static WordNetwork Random(int seed)
    {
        Random random = new(seed);
        float[] Weights(int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() - 0.5f) / 4)];
        return new WordNetwork(Weights(WordNetwork.Inputs * WordNetwork.Units), Weights(2 * WordNetwork.Units));
    }

    private static double Cosine(string one, string other)
    {
        double[] a = Vector(one), b = Vector(other);
        return a.Zip(b, (x, y) => x * y).Sum() / Math.Sqrt(a.Sum(x => x * x) * b.Sum(y => y * y));
    }

    private static double[] Vector(string word) => [.. WordVectors.Row(WordVectors.RowOf(word)).ToArray().Select(v => (double)v)];
}

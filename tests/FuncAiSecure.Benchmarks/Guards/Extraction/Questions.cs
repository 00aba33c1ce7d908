using FuncAiSecure.Core.Tests.Monitoring.Simulation;

namespace FuncAiSecure.Benchmarks.Guards.Extraction;

/// <summary>Questions to a bank, put together from parts written for this benchmark, and texts that are none.</summary>
internal static class Questions
{
    private static readonly string[] Openings =
    [
        "", "", "", "Hi, ", "Hello, ", "Please help: ", "Good morning. ", "I have a question: ", "Excuse me, ", "I am confused. ", "Hey there, ", "Quick question, ",
        "Sorry to bother you, ", "I need help, ",
    ];

    private static readonly string[] Whole =
    [
        "I am still waiting for my new card", "how long does delivery of a card take", "my card expires next month, what happens then",
        "can I track the card you sent me", "how do I activate my card", "how do I link an existing card to the app", "my card was stolen",
        "I lost my wallet and my cards are gone", "my phone was stolen, what should I do", "I forgot my passcode", "how can I change my PIN",
        "my PIN is blocked after three tries", "I think somebody has copied my card details", "there is a payment that I did not make",
        "there is a cash withdrawal that I do not recognise", "there is a direct debit that is not mine", "I was charged twice for one purchase",
        "there is an extra pound on my statement", "why was I charged a fee for a withdrawal", "why was I charged a fee for a transfer",
        "why is there a fee for topping up by card", "is there a fee for topping up by bank transfer", "what does it cost to exchange currencies",
        "what is your exchange rate today", "the exchange rate for my cash withdrawal was wrong", "the rate of my card payment abroad was wrong",
        "which currencies do you support", "can I exchange currencies in the app", "in which countries can I get an account", "how old must I be",
        "can my children have an account", "how do I verify my identity", "why do you need to verify my identity", "my identity could not be verified",
        "how do I prove where my money comes from", "what is my top-up verification code", "my top-up failed", "my top-up is still pending",
        "my top-up was cancelled and returned", "is there a limit on top-ups", "can I top up with Apple Pay", "does Google Pay work with you",
        "how does automatic top-up work", "can I top up by cheque", "my balance did not change after a bank transfer",
        "my balance did not change after I paid in cash", "my transfer has not arrived", "how long do transfers take", "my transfer was declined",
        "my transfer is pending", "can I cancel a transfer", "the person I sent money to did not receive it", "my beneficiary is not accepted",
        "how do I transfer money into my account", "how can I receive my salary here", "my card payment was declined", "my card payment is pending",
        "my card payment was reverted", "the shop gave me a refund that does not show", "I want my money back for a purchase", "the ATM kept my card",
        "the ATM gave me less cash than I asked for", "my cash withdrawal was declined", "my withdrawal is still pending", "which ATMs accept my card",
        "where can I pay with this card", "contactless does not work", "my card does not work", "my virtual card is not working",
        "how do I get a virtual card", "can I have a disposable virtual card", "how many disposable cards can I have", "I would like a second card",
        "how do I order a physical card", "do I get a Visa or a Mastercard", "which cards can I add money from", "I have moved, how do I change my address",
        "I want to close my account",
    ];

    private static readonly string[] Things =
    [
        "my card", "my virtual card", "my transfer", "my top-up", "my refund", "a payment", "a withdrawal", "a direct debit", "my balance", "the exchange",
        "my account", "my PIN", "the fee", "my cheque", "the app", "my salary", "Apple Pay", "my identity check", "a standing order", "my statement",
    ];

    private static readonly string[] Troubles =
    [
        "has not arrived", "was declined", "is still pending", "was charged twice", "shows the wrong amount", "does not work", "was cancelled",
        "takes too long", "is higher than I expected", "has disappeared", "is not what I ordered", "was blocked", "failed again", "is not accepted",
    ];

    private static readonly string[] Endings =
    [
        "", "", "?", "?", ", thanks", " since yesterday", " when I was abroad", " at the ATM", " in euros", " after two weeks", " for the third time", " at a shop",
        " and I need it urgently", ", what can I do?", " in the app", " this morning",
    ];

    private static readonly Lazy<string[]> Words =
        new(() => File.ReadAllLines(Path.Combine(TestSupport.Repository.Root, "src", "FuncAiSecure.Core", "Guards", "Normalization", "words.txt")));

    /// <summary>A question that an honest customer might ask; three in twenty are put together oddly.</summary>
    public static string Honest(Chance chance) => Pick(Openings, chance)
        + (chance.Happens(0.85) ? Pick(Whole, chance) : $"{Pick(Things, chance)} {Pick(Troubles, chance)}")
        + Pick(Endings, chance);

    /// <summary>Three to twelve of the most frequent English words.</summary>
    public static string Random(Chance chance) =>
        string.Join(' ', Enumerable.Range(0, 3 + (int)(10 * chance.Uniform())).Select(_ => Pick(Words.Value, chance)));

    /// <summary>A mixture of two texts, word by word: what an attacker asks who looks for the boundary between them.</summary>
    public static string Between(string one, string other, Chance chance)
    {
        var (left, right) = (one.Split(' '), other.Split(' '));
        var cut = chance.Uniform();
        return string.Join(' ', left.Take((int)(left.Length * cut) + 1).Concat(right.Skip((int)(right.Length * cut))));
    }

    private static string Pick(string[] parts, Chance chance) => parts[(int)(chance.Uniform() * parts.Length)];
}

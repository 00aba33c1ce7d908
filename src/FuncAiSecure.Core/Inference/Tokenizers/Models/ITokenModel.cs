namespace FuncAiSecure.Core.Inference.Tokenizers.Models;

/// <summary>Encodes one piece of text into tokens.</summary>
internal interface ITokenModel
{
    /// <summary>Adds the tokens of <paramref name="piece"/>; offsets count UTF-16 units of the piece.</summary>
    void Encode(ReadOnlySpan<char> piece, List<PieceToken> tokens);

    /// <summary>The id of a token's text; null if the vocabulary lacks it.</summary>
    int? IdOf(string token);
}

/// <summary>A token and where it stands in its piece, in UTF-16 units.</summary>
internal readonly record struct PieceToken(int Id, int Start, int End);

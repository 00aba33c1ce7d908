using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Inference.Tasks;

/// <summary>Reads tokenizer files.</summary>
public interface ITextEncoderFactory
{
    /// <summary>Makes an encoder of a verified file's bytes.</summary>
    /// <param name="tokenizer">What the manifest says of it.</param>
    /// <param name="file">The tokenizer file.</param>
    /// <exception cref="ModelLoadException">The file asks for what this implementation does not do exactly.</exception>
    ITextEncoder Create(TokenizerSpec tokenizer, ReadOnlyMemory<byte> file);
}

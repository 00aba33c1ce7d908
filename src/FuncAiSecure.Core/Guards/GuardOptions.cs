using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Guards;

/// <summary>Settings of the guards.</summary>
public sealed class GuardOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "FuncAiSecure:Guards";

    /// <summary>The longest text that guards judge; a longer one is refused, for what was not read cannot be vouched for.</summary>
    /// <value>256 to 1,000,000 UTF-16 units; default 32,768.</value>
    [Range(256, 1_000_000)]
    public int MaxCharacters { get; set; } = 32_768;

    /// <summary>The folder of the injection classifier's weights; empty judges by rules alone.</summary>
    /// <value>A path, relative to the application's folder or absolute; default <c>models/prompt-guard/1</c>.</value>
    public string PromptModelFolder { get; set; } = "models/prompt-guard/1";

    /// <summary>The Key Vault secret that pseudonyms and tokens are derived from: base64 of at least 32 random bytes.</summary>
    /// <value>1 to 127 letters, digits and hyphens; default <c>guard-data-key</c>.</value>
    [RegularExpression("^[0-9a-zA-Z-]{1,127}$")]
    public string KeySecretName { get; set; } = "guard-data-key";
}

/// <summary>Checks <see cref="GuardOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class GuardOptionsValidator : IValidateOptions<GuardOptions>;

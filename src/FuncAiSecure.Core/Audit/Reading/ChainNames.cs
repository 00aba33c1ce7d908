using FuncAiSecure.Core.Audit.Chains;
using FuncAiSecure.Core.Audit.Names;
using FuncAiSecure.Core.Audit.Storage;

namespace FuncAiSecure.Core.Audit.Reading;

/// <summary>Who is behind a chain's pseudonyms, as far as nobody was forgotten.</summary>
internal sealed class ChainNames
{
    private readonly Dictionary<string, string> _byPseudonym = new(StringComparer.Ordinal);

    /// <summary>Reads them; without the chain's keys there are none.</summary>
    public static async Task<ChainNames> ReadAsync(AuditStore store, AuditKeys? keys, string chain, CancellationToken cancellationToken)
    {
        var names = new ChainNames();
        if (keys is null)
        {
            return names;
        }

        await foreach (var sealedName in store.NamesOfAsync(chain, cancellationToken).ConfigureAwait(false))
        {
            if (SealedName.Open(keys, chain, sealedName) is { } name)
            {
                names._byPseudonym[name.Pseudonym] = name.Principal;
            }
        }

        return names;
    }

    public string? Of(string? pseudonym) => pseudonym is null ? null : _byPseudonym.GetValueOrDefault(pseudonym);
}

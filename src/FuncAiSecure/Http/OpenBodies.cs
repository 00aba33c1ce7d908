using FuncAiSecure.Core.Identity;

namespace FuncAiSecure.Http;

/// <summary>
/// How many bodies this instance waits for, by principal. Plans bound what runs, but which model is meant, and so what of a plan is
/// spent, is known only when a body is there: without this bound one slow caller could take every place of the host.
/// </summary>
/// <param name="most">The most of one principal.</param>
internal sealed class OpenBodies(int most)
{
    private readonly Dictionary<PrincipalId, int> _open = [];
    private readonly Lock _gate = new();

    /// <summary>Counts one in; false, and nothing to leave, where the principal has as many as it may have.</summary>
    public bool TryEnter(PrincipalId principal)
    {
        lock (_gate)
        {
            var open = _open.GetValueOrDefault(principal);
            if (open >= most)
            {
                return false;
            }

            _open[principal] = open + 1;
            return true;
        }
    }

    /// <summary>Counts one out.</summary>
    public void Leave(PrincipalId principal)
    {
        lock (_gate)
        {
            if (--_open[principal] == 0)
            {
                _open.Remove(principal);
            }
        }
    }
}

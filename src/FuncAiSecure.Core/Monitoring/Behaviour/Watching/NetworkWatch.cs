using System.Net;
using FuncAiSecure.Core.Identity.Network;

namespace FuncAiSecure.Core.Monitoring.Behaviour.Watching;

/// <summary>
/// Misuse: points for what a request from a new network does that its principal does not do. A new network alone gives none: callers
/// move. A network is new for its first day; the eight last used are known.
/// </summary>
internal static class NetworkWatch
{
    /// <summary>The points that are enough.</summary>
    public const float Limit = 8;

    private const int NewForHours = 24;
    private const float Refused = 1;
    private const float OddHour = 0.4f;
    private const float NewModel = 0.5f;
    private const float OddLength = 0.3f;
    private const float Fading = 0.97f;

    /// <summary>The network of an address as a hash: /24, for IPv6 /48.</summary>
    public static ushort HashOf(IPAddress address)
    {
        Span<byte> buffer = stackalloc byte[ClientNetwork.BufferLength];
        var hash = 2166136261u;
        foreach (var b in ClientNetwork.Of(address, buffer))
        {
            hash = (hash ^ b) * 16777619;
        }

        return (ushort)(hash ^ (hash >> 16));
    }

    /// <summary>Takes a request; true when the points are enough, and then they begin anew.</summary>
    public static bool Take(ref Profile profile, ushort network, ushort model, Ending ending, float lengthAway, uint minute, bool isLearning)
    {
        var isNew = IsNew(ref profile.Networks, network, minute / 60, isLearning);
        var isNewModel = IsNewModel(ref profile.Models, model);
        if (!isNew || isLearning)
        {
            return false;
        }

        var points = (ending == Ending.AccessRefused ? Refused : 0)
            + (profile.Hours[(int)(minute / 60 % 24)] == 0 ? OddHour : 0)
            + (isNewModel ? NewModel : 0)
            + (lengthAway > 5 ? OddLength : 0);
        profile.MisusePoints = points > 0 ? profile.MisusePoints + points : profile.MisusePoints * Fading;
        if (profile.MisusePoints < Limit)
        {
            return false;
        }

        profile.MisusePoints = 0;
        return true;
    }

    private static bool IsNew(ref Profile.KnownNetworks networks, ushort hash, uint hour, bool isLearning)
    {
        var at = 0;
        while (at < 7 && networks[at].Hash != hash && networks[at].Since != 0)
        {
            at++;
        }

        var entry = networks[at];
        if (entry.Hash != hash || entry.Since == 0)
        {
            // What is used while learning counts as known; 0 marks a free place.
            entry = new Profile.KnownNetwork { Hash = hash, Since = NotZero(isLearning ? hour - NewForHours : hour) };
        }

        for (; at > 0; at--)
        {
            networks[at] = networks[at - 1];
        }

        networks[0] = entry;
        return (ushort)(hour - entry.Since) < NewForHours;
    }

    private static bool IsNewModel(ref Profile.KnownModels models, ushort hash)
    {
        if (hash == 0)
        {
            return false;
        }

        var at = 0;
        while (at < 3 && models[at] != hash)
        {
            at++;
        }

        var isNew = models[at] != hash;
        for (; at > 0; at--)
        {
            models[at] = models[at - 1];
        }

        models[0] = hash;
        return isNew;
    }

    private static ushort NotZero(uint hour) => (ushort)hour is 0 ? (ushort)1 : (ushort)hour;
}

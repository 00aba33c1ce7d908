namespace FuncAiSecure.Core.Monitoring.Behaviour;

/// <summary>What was noticed.</summary>
public enum Signal
{
    /// <summary>A principal sends far more in a minute than it does at this hour.</summary>
    Burst,

    /// <summary>A principal's credential is used from a network that is new to it, in ways that it is not used.</summary>
    Misuse,

    /// <summary>Many different inputs of a principal are refused.</summary>
    Probing,

    /// <summary>A principal's inputs stay at the model's decision boundary, or sweep around each other.</summary>
    Extraction,

    /// <summary>The distribution of a model's outputs has moved.</summary>
    Drift,

    /// <summary>A principal's answers from a model are reduced, because of what it has learned of it.</summary>
    Budget,
}

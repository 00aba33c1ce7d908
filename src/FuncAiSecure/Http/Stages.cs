namespace FuncAiSecure.Http;

/// <summary>The controls that a request must have passed before a model runs, as bits.</summary>
[Flags]
internal enum Stages
{
    None = 0,
    Audit = 1,
    Transport = 2,
    Identity = 4,
    Body = 8,
    Access = 16,
    Quota = 32,
    Schema = 64,
    InputGuard = 128,
    Inference = 256,
    OutputGuard = 512,

    /// <summary>Everything that stands before inference.</summary>
    BeforeInference = Audit | Transport | Identity | Body | Access | Quota | Schema | InputGuard,
}

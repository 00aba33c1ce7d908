namespace FuncAiSecure.Http;

/// <summary>Whose conventions an endpoint follows; decides the shape of a problem's <c>error</c> member.</summary>
internal enum ApiFamily
{
    /// <summary>Our own routes: health, management, unknown paths.</summary>
    Own,

    /// <summary>OpenAI-style routes under <c>/v1</c>: <c>error</c> is an object.</summary>
    OpenAi,

    /// <summary>Open Inference Protocol routes under <c>/v2</c>: <c>error</c> is a string.</summary>
    OpenInference,
}

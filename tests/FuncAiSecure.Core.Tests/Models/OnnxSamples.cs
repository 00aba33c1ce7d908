namespace FuncAiSecure.Core.Tests.Models;

/// <summary>Graphs for tests, as ModelProto bytes: y = x + w by default, with x and y FP32 [N,1] and w = 1.5.</summary>
internal static class OnnxSamples
{
    public static byte[] Add(string domain = "", string type = "Add", ProtoWriter? initializer = null, ProtoWriter? attribute = null) =>
        Model(Graph(Node(type, domain, attribute), initializer ?? Inside()));

    public static byte[] Model(ProtoWriter graph) => new ProtoWriter()
        .Number(1, 8)
        .Message(8, new ProtoWriter().Text(1, "").Number(2, 17))
        .Message(7, graph)
        .ToArray();

    public static byte[] WithFunctions(string called, params ProtoWriter[] functions) =>
        WithFunctions(Graph(Node(called, "mine", null), Inside()), functions);

    public static byte[] WithFunctions(ProtoWriter graph, params ProtoWriter[] functions)
    {
        var model = new ProtoWriter().Message(7, graph);
        foreach (var function in functions)
        {
            model.Message(25, function);
        }

        return model.ToArray();
    }

    public static ProtoWriter Graph(ProtoWriter node, ProtoWriter initializer) => new ProtoWriter()
        .Message(1, node)
        .Text(2, "g")
        .Message(5, initializer)
        .Message(11, Value("x"))
        .Message(12, Value("y"));

    public static ProtoWriter Node(string type, string domain, ProtoWriter? attribute)
    {
        var node = new ProtoWriter().Text(1, "x").Text(1, "w").Text(2, "y").Text(4, type).Text(7, domain);
        return attribute is null ? node : node.Message(5, attribute);
    }

    public static ProtoWriter Inside(float value = 1.5f) =>
        new ProtoWriter().Number(1, 1).Number(2, 1).Text(8, "w").Bytes(9, BitConverter.GetBytes(value));

    public static ProtoWriter Outside(string location, string offset = "0", string? length = null)
    {
        var tensor = new ProtoWriter().Number(1, 1).Number(2, 1).Text(8, "w")
            .Message(13, new ProtoWriter().Text(1, "location").Text(2, location))
            .Message(13, new ProtoWriter().Text(1, "offset").Text(2, offset));
        if (length is not null)
        {
            tensor.Message(13, new ProtoWriter().Text(1, "length").Text(2, length));
        }

        return tensor.Number(14, 1);
    }

    private static ProtoWriter Value(string name) => new ProtoWriter().Text(1, name).Message(2, new ProtoWriter().Message(1, new ProtoWriter()
        .Number(1, 1)
        .Message(2, new ProtoWriter()
            .Message(1, new ProtoWriter().Text(2, "N"))
            .Message(1, new ProtoWriter().Number(1, 1)))));
}

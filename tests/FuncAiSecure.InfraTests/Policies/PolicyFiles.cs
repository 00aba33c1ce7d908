using System.Xml.Linq;

namespace FuncAiSecure.InfraTests.Policies;

/// <summary>The policy documents of the repository, read as the template reads them.</summary>
internal sealed class PolicyFiles
{
    private readonly Dictionary<string, XElement> _documents;

    private PolicyFiles(Dictionary<string, XElement> documents) => _documents = documents;

    /// <summary>The repository's root, found from the build output.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Names of all documents: global, api, product, operation-management and fragments/NAME.</summary>
    public IReadOnlyCollection<string> Names => _documents.Keys;

    public XElement this[string name] => _documents[name];

    /// <summary>Reads every document and puts <paramref name="namedValues"/> where the deployment puts its own.</summary>
    public static PolicyFiles Read(IReadOnlyDictionary<string, string> namedValues)
    {
        var folder = Path.Combine(Root, "infra-bicep", "policies");
        var documents = new Dictionary<string, XElement>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(folder, "*.xml", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(folder, path).Replace('\\', '/')[..^4];
            documents[name] = XElement.Parse(Fill(File.ReadAllText(path), namedValues));
        }

        return new PolicyFiles(documents);
    }

    /// <summary>A deep copy, so that a test can damage it.</summary>
    public PolicyFiles Copy() => new(_documents.ToDictionary(pair => pair.Key, pair => new XElement(pair.Value), StringComparer.Ordinal));

    /// <summary>Every attribute value and text of every document, named values filled in.</summary>
    public IEnumerable<string> Values() =>
        _documents.Values.SelectMany(document => document.DescendantsAndSelf()).SelectMany(element =>
            element.Attributes().Select(a => a.Value).Concat(element.Nodes().OfType<XText>().Select(text => text.Value)));

    private static string Fill(string text, IReadOnlyDictionary<string, string> namedValues)
    {
        foreach (var (name, value) in namedValues)
        {
            text = text.Replace("{{" + name + "}}", value, StringComparison.Ordinal);
        }

        return text.Replace("__CALLS_PER_MINUTE__", "60", StringComparison.Ordinal).Replace("__CALLS_PER_MONTH__", "1000", StringComparison.Ordinal);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "FuncAiSecure.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("The repository's root was not found.");
    }
}

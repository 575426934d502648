using System.Text.Json.Nodes;
using CertOperator.Runtime.Yaml;

namespace CertOperator.Api;

/// <summary>
/// The CustomResourceDefinitions, as <c>config/crd</c> holds them and as the program carries them. They are made from the
/// C# types, and a test holds both equal.
/// </summary>
internal static class ApiDefinitions
{
    /// <summary>The YAML of all definitions.</summary>
    public static string Yaml()
    {
        using Stream stream = typeof(ApiDefinitions).Assembly.GetManifestResourceStream("crds.yaml")
            ?? throw new InvalidOperationException("The program was built without its CustomResourceDefinitions.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    public static IEnumerable<JsonObject> Documents() => YamlReader.Read(Yaml()).Select(document => document.Root);
}

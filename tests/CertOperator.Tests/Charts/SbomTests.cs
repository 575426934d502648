using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CertOperator.Testing;

namespace CertOperator.Charts;

/// <summary>
/// The bill of materials that goes into the image: CycloneDX, of the packages that the program was built with. With WRITE_SBOM=1
/// this test writes it. The .NET runtime in the program is that of the SDK that publishes it, so only its line is named.
/// </summary>
public class SbomTests
{
    private const string File = "src/CertOperator/sbom.cdx.json";
    private const string Program = "cert-operator";

    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonNode Built = JsonNode.Parse(System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, $"{Program}.deps.json")))!;

    [Fact]
    public void The_bill_of_materials_names_what_the_program_was_built_of()
    {
        string path = Path.Combine(Repository.Root, File), expected = Bill().ToJsonString(Layout) + "\n";
        if (Environment.GetEnvironmentVariable("WRITE_SBOM") == "1")
            System.IO.File.WriteAllText(path, expected);
        Assert.True(System.IO.File.Exists(path) && System.IO.File.ReadAllText(path) == expected, $"{File} is not what was built: run this test once with WRITE_SBOM=1.");
    }

    private static JsonObject Bill()
    {
        var libraries = Built["targets"]!.AsObject().Single().Value!.AsObject().OrderBy(library => library.Key, StringComparer.Ordinal).ToList();
        string program = libraries.Single(library => library.Key.StartsWith($"{Program}/", StringComparison.Ordinal)).Key;
        return new JsonObject
        {
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.6",
            ["version"] = 1,
            ["metadata"] = new JsonObject
            {
                ["component"] = Component("application", program, Program),
            },
            ["components"] = new JsonArray(
            [
                new JsonObject { ["type"] = "framework", ["bom-ref"] = "dotnet", ["name"] = ".NET", ["version"] = Built["runtimeTarget"]!["name"]!.GetValue<string>().Split("=v")[1].Split('/')[0] },
                .. libraries.Where(library => library.Key != program).Select(library => Library(library.Key)),
            ]),
            ["dependencies"] = new JsonArray([.. libraries.Select(library => Dependencies(library.Key == program ? Program : Reference(library.Key), library.Value!, library.Key == program))]),
        };
    }

    private static JsonObject Library(string library)
    {
        JsonObject component = Component("library", library, Reference(library));
        if (!IsPackage(library))
            return component;
        component["purl"] = Reference(library);
        component["hashes"] = new JsonArray(new JsonObject { ["alg"] = "SHA-512", ["content"] = Sha512(library) });
        return component;
    }

    private static JsonObject Component(string type, string library, string reference)
        => new() { ["type"] = type, ["bom-ref"] = reference, ["name"] = library.Split('/')[0], ["version"] = library.Split('/')[1] };

    private static JsonObject Dependencies(string reference, JsonNode library, bool isProgram) => new()
    {
        ["ref"] = reference,
        ["dependsOn"] = new JsonArray([.. (library["dependencies"]?.AsObject() ?? [])
            .Select(dependency => Reference($"{dependency.Key}/{dependency.Value}")).Concat(isProgram ? ["dotnet"] : [])
            .Order(StringComparer.Ordinal).Select(text => JsonValue.Create(text)),]),
    };

    private static string Reference(string library) => IsPackage(library) ? $"pkg:nuget/{library.Replace('/', '@')}" : library;

    private static bool IsPackage(string library) => (string?)Built["libraries"]![library]?["type"] == "package";

    private static string Sha512(string library)
        => Convert.ToHexStringLower(Convert.FromBase64String(((string)Built["libraries"]![library]!["sha512"]!)["sha512-".Length..]));
}

using System.Text.Json;
using System.Text.Json.Nodes;
using CertOperator.Runtime.Yaml;

namespace CertOperator.Api;

/// <summary>
/// The rules that the definitions give to the API server, on one table of specs: each says the same of a spec as the operator's own
/// check, in the same sentence. They are evaluated here; the acceptance tests ask a real API server about the same table.
/// </summary>
public class AdmissionTests
{
    private static readonly IReadOnlyList<JsonObject> Definitions = [.. ApiDefinitions.Documents()];

    [Theory]
    [MemberData(nameof(SpecTable.Specs), MemberType = typeof(SpecTable))]
    public void The_API_server_and_the_operator_say_the_same(string kind, string yaml, string? sentence)
    {
        JsonObject spec = Spec(yaml);
        string[] refused = [.. Rules(SchemaOf(kind), spec).Where(rule => !Cel.Holds(rule.Text, rule.Self)).Select(rule => rule.Message)];
        IReadOnlyList<string> problems = Check(kind, spec);

        Assert.Equal(sentence is null ? [] : [sentence], refused);
        Assert.True(problems.Count == refused.Length, string.Join(' ', problems));
        Assert.All(refused, message => Assert.True(Says(problems.Single(), message), $"{problems.Single()} / {message}"));
    }

    [Fact]
    public void Every_rule_is_broken_by_one_of_them_and_met_by_another()
    {
        var judged = SpecTable.Specs.Select(row => row.Data).SelectMany(row => Rules(SchemaOf(row.Item1), Spec(row.Item2)))
            .ToLookup(rule => (rule.Text, rule.Message), rule => Cel.Holds(rule.Text, rule.Self));
        var all = ((string[])["Certificate", "Issuer", "ClusterIssuer"]).SelectMany(kind => All(SchemaOf(kind))).ToHashSet();
        Assert.Equal(all, judged.Select(rule => rule.Key).ToHashSet());
        Assert.All(judged, rule => Assert.Equal([false, true], rule.Distinct().Order()));
    }

    /// <summary>The operator's sentence is the API server's, with the path of the field before it and values behind the names of fields.</summary>
    private static bool Says(string problem, string message)
    {
        var words = new Queue<string>(Words(message));
        foreach (string word in Words(problem))
        {
            if (words.TryPeek(out string? next) && next == word)
                words.Dequeue();
        }

        return words.Count == 0;

        static IEnumerable<string> Words(string sentence) => sentence.Split(' ').Select(word => word.Trim(',', ':', '.'));
    }

    private static JsonObject Spec(string yaml) => YamlReader.Read($"spec: {yaml}").Single().Root["spec"]!.AsObject();

    private static IReadOnlyList<string> Check(string kind, JsonObject spec)
    {
        if (kind != Certificate.Type.Kind)
            return IssuerRules.Check(spec.Deserialize(ApiJson.Default.IssuerSpec));
        DesiredCertificate.From(spec.Deserialize(ApiJson.Default.CertificateSpec)!, out IReadOnlyList<string> problems);
        return problems;
    }

    private static JsonNode SchemaOf(string kind) => Definitions.Single(definition => (string?)definition["spec"]!["names"]!["kind"] == kind)
        ["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!;

    /// <summary>The rules that the API server applies to a value, and to what is in it; to it, null is as if it were absent.</summary>
    private static IEnumerable<(string Text, string Message, JsonNode Self)> Rules(JsonNode schema, JsonNode value) =>
    [
        .. Own(schema).Select(rule => (rule.Text, rule.Message, value)),
        .. value switch
        {
            JsonObject fields => fields.Where(field => field.Value is not null && schema["properties"]?[field.Key] is not null).SelectMany(field => Rules(schema["properties"]![field.Key]!, field.Value!)),
            JsonArray items => items.SelectMany(item => Rules(schema["items"]!, item!)),
            _ => [],
        },
    ];

    private static IEnumerable<(string Text, string Message)> All(JsonNode schema) =>
    [
        .. Own(schema),
        .. (schema["properties"]?.AsObject() ?? []).SelectMany(property => All(property.Value!)),
        .. schema["items"] is { } items ? All(items) : [],
    ];

    private static IEnumerable<(string Text, string Message)> Own(JsonNode schema)
        => (schema["x-kubernetes-validations"]?.AsArray() ?? []).Select(rule => ((string)rule!["rule"]!, (string)rule["message"]!));
}

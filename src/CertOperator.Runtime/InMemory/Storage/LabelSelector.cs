using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CertOperator.Runtime.InMemory.Errors;
using CertOperator.Runtime.InMemory.Json;

namespace CertOperator.Runtime.InMemory.Storage;

/// <summary>A Kubernetes label selector: <c>a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1</c>.</summary>
internal sealed partial class LabelSelector
{
    private readonly IReadOnlyList<Requirement> _requirements;

    private LabelSelector(IReadOnlyList<Requirement> requirements) => _requirements = requirements;

    public static LabelSelector Everything { get; } = new([]);

    public bool IsEmpty => _requirements.Count == 0;

    /// <exception cref="ApiStatusException">It cannot be read.</exception>
    public static LabelSelector Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return Everything;
        var requirements = new List<Requirement>();
        for (var at = 0; at <= text.Length;)
        {
            var match = RequirementPattern().Match(text, at);
            if (!match.Success) throw Refusals.BadRequest($"unable to parse requirement: found '{text[at..]}' in label selector \"{text}\"");
            requirements.Add(Requirement.Of(match));
            at = match.Index + match.Length + 1;
        }

        return new LabelSelector(requirements);
    }

    public bool Matches(JsonObject? labels) => _requirements.All(requirement => requirement.Matches(labels?[requirement.Key].Text()));

    [GeneratedRegex(@"\G\s*(?:(?<not>!)\s*)?(?<key>[A-Za-z0-9][-A-Za-z0-9_./]*)\s*(?:(?<op>==|=|!=|>|<)\s*(?<value>[-A-Za-z0-9_.]*)|(?<op>in|notin)\s*\((?<values>[-A-Za-z0-9_., ]*)\))?\s*(?=,|\z)")]
    private static partial Regex RequirementPattern();

    private sealed record Requirement(string Key, string Operator, IReadOnlyList<string> Values)
    {
        public static Requirement Of(Match match)
        {
            var values = match.Groups["values"].Success
                ? match.Groups["values"].Value.Split(',', StringSplitOptions.TrimEntries)
                : [match.Groups["value"].Value];
            var op = match.Groups["not"].Success ? "!" : match.Groups["op"].Value;
            return new Requirement(match.Groups["key"].Value, op, values);
        }

        public bool Matches(string? label) => Operator switch
        {
            "" => label is not null,
            "!" => label is null,
            "=" or "==" or "in" => label is not null && Values.Contains(label),
            "!=" or "notin" => label is null || !Values.Contains(label),
            _ => long.TryParse(label, out var number) && long.TryParse(Values[0], out var bound) && (Operator == ">" ? number > bound : number < bound),
        };
    }
}

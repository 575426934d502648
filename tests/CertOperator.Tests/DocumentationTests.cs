using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CertOperator.Api;
using CertOperator.Cli.Local;
using CertOperator.Controllers;
using CertOperator.Runtime.Objects;
using CertOperator.Runtime.Yaml;
using CertOperator.Testing;

namespace CertOperator;

/// <summary>
/// Holds the pages for users to what is true. A fenced block <c>yaml</c> is applied as it stands; one marked
/// <c>yaml ready</c> is complete, and everything in it becomes ready; <c>yaml part</c> is for the tests of its page.
/// </summary>
public partial class DocumentationTests
{
    private const string Readme = "README.md";
    private const string Part = "part";

    private static readonly string[] OtherPrograms = ["kubectl ", "helm ", "CertOperator.Benchmarks"];

    private static readonly string[] Pages =
    [
        Readme,
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md").Select(path => Path.GetRelativePath(Repository.Root, path)).Order(StringComparer.Ordinal),
    ];

    private static readonly Lazy<string> Source = new(() => string.Join('\n', Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
        .Where(path => !path.Contains("/obj/", StringComparison.Ordinal)).Select(File.ReadAllText)));

    public static TheoryData<string, int> Manifests => [.. Pages.SelectMany(page => Blocks(page).Select(block => (page, block.Line)))];

    public static TheoryData<string> AllPages => [.. Pages];

    [Theory]
    [MemberData(nameof(Manifests))]
    public async Task A_manifest_is_valid_and_what_is_said_to_be_complete_becomes_ready(string page, int line)
    {
        Block block = Blocks(page).Single(block => block.Line == line);
        await using var world = new World();
        world.Cluster.RegisterCrd(GatewayDefinition.Document());
        foreach (YamlDocument document in YamlReader.Read(block.Text))
        {
            JsonObject stored = world.Cluster.Apply(document.Root, "kubectl");
            if (((string)document.Root["apiVersion"]!).StartsWith(ApiGroup.Name, StringComparison.Ordinal))
                Assert.True(JsonNode.DeepEquals(document.Root["spec"], stored["spec"]), $"{page}:{line}: the API server keeps only {stored["spec"]}.");
        }

        await world.SettleAsync();
        var certificates = world.Cluster.List(Certificate.Type).Select(Ready).ToList();
        var issuers = world.Cluster.List(Issuer.Type).Concat(world.Cluster.List(ClusterIssuer.Type)).Select(Ready).ToList();
        Assert.DoesNotContain(certificates, ready => ready.Reason == "InvalidSpec");
        Assert.Empty(world.Findings);
        if (!block.Complete)
            return;
        Assert.NotEmpty(certificates);
        Assert.All(certificates.Concat(issuers), ready => Assert.True(ready.Status == ConditionTypes.True, ready.Message));
    }

    [Theory]
    [MemberData(nameof(AllPages))]
    public void Links_lead_to_pages_and_headings_that_exist(string page)
    {
        foreach (Match link in Link().Matches(File.ReadAllText(Path.Combine(Repository.Root, page))))
        {
            string target = link.Groups["path"].Value;
            if (target.Contains("://", StringComparison.Ordinal))
                continue;
            string path = target.Length == 0 ? Path.Combine(Repository.Root, page) : Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, target);
            Assert.True(Path.Exists(path), $"{page} links to {target}, which does not exist.");
            string anchor = link.Groups["anchor"].Value;
            if (anchor.Length > 0)
                Assert.Contains(anchor, Heading().Matches(File.ReadAllText(path)).Select(heading => Anchor(heading.Groups["title"].Value)));
        }
    }

    [Theory]
    [MemberData(nameof(AllPages))]
    public void Annotations_and_options_are_those_that_the_program_knows(string page)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, page));
        foreach (Match annotation in Annotation().Matches(text))
            Assert.True(Source.Value.Contains($"\"{annotation.Groups["name"].Value}\"", StringComparison.Ordinal), $"{page} names the annotation {annotation.Value}, which the program does not know.");
        foreach (Match option in text.Split('\n').Where(line => !OtherPrograms.Any(line.Contains)).SelectMany(line => Option().Matches(line)))
            Assert.True(Source.Value.Contains($"\"{option.Groups["name"].Value}\"", StringComparison.Ordinal), $"{page} names the option {option.Groups["name"].Value}, which the program does not know.");
    }

    [Fact]
    public void Reasons_are_those_that_the_program_gives()
    {
        string[] reasons =
        [
            .. File.ReadLines(Path.Combine(Repository.Root, "docs", "troubleshooting.md"))
                .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
                .SelectMany(line => Reason().Matches(line.Split('|')[1]))
                .Select(reason => reason.Groups["name"].Value),
        ];
        Assert.NotEmpty(reasons);
        Assert.All(reasons, reason => Assert.Matches($@"\b{reason}\b", Source.Value));
    }

    [Fact]
    public void Every_page_is_reached_from_the_readme()
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Root, Readme));
        Assert.All(Pages.Where(page => page != Readme), page => Assert.Contains($"]({page})", readme, StringComparison.Ordinal));
    }

    private static Condition Ready(JsonObject stored)
    {
        var conditions = stored["status"]!["conditions"]!.AsArray();
        JsonNode ready = conditions.Single(condition => (string?)condition!["type"] == ConditionTypes.Ready)!;
        return new Condition { Type = ConditionTypes.Ready, Status = (string)ready["status"]!, Reason = (string)ready["reason"]!, Message = (string)ready["message"]! };
    }

    private static IEnumerable<Block> Blocks(string page)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, page));
        return Fence().Matches(text).Where(fence => fence.Groups["mark"].Value != Part).Select(fence => new Block(
            text.AsSpan(0, fence.Index).Count('\n') + 1, fence.Groups["text"].Value, fence.Groups["mark"].Value == "ready"));
    }

    /// <summary>As GitHub makes them.</summary>
    private static string Anchor(string title)
        => string.Concat(title.ToLowerInvariant().Where(letter => char.IsLetterOrDigit(letter) || letter is ' ' or '-' or '_')).Replace(' ', '-');

    [GeneratedRegex(@"^```yaml(?: (?<mark>\w+))?\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\]\((?<path>[^)#\s]*)(?:#(?<anchor>[^)]*))?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (?<title>.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\bcertoperator\.io/(?!v1\b)(?<name>[a-z][a-z-]*[a-z])")]
    private static partial Regex Annotation();

    [GeneratedRegex(@"(?:`|cert-operator [^`\n]*? )(?<name>--[a-z][a-z-]+)")]
    private static partial Regex Option();

    [GeneratedRegex("`(?<name>[A-Za-z]+)`")]
    private static partial Regex Reason();

    private sealed record Block(int Line, string Text, bool Complete);
}

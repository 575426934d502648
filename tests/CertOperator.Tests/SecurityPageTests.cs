using System.Text.RegularExpressions;
using CertOperator.Runtime.Yaml;
using CertOperator.Testing;

namespace CertOperator;

/// <summary>Holds <c>docs/security.md</c> to the rights that are shipped.</summary>
public partial class SecurityPageTests
{
    [Fact]
    public void The_page_names_every_right_that_is_granted_and_no_other()
    {
        string[] granted =
        [
            .. from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "config", "rbac"), "*.yaml")
               from document in YamlReader.Read(File.ReadAllText(file))
               where (string?)document.Root["kind"] is "Role" or "ClusterRole"
               from rule in document.Root["rules"]!.AsArray()
               from resource in rule["resources"]!.AsArray()
               from verb in rule["verbs"]!.AsArray()
               select $"{document.Root["metadata"]!["name"]} {resource} {verb}",
        ];
        string[] named =
        [
            .. from line in File.ReadLines(Path.Combine(Repository.Root, "docs", "security.md"))
               where line.StartsWith("| `cert-operator", StringComparison.Ordinal)
               let columns = line.Split('|')
               from resource in Words(columns[2])
               from verb in Words(columns[3])
               select $"{Words(columns[1]).Single()} {resource} {verb}",
        ];

        Assert.Equal(granted.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Words(string column) => Word().Matches(column).Select(word => word.Groups["word"].Value);

    [GeneratedRegex("`(?<word>[^`]+)`")]
    private static partial Regex Word();
}

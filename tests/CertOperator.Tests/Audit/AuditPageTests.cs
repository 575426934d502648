using CertOperator.Testing;

namespace CertOperator.Audit;

/// <summary>The page for users against the table of codes.</summary>
public sealed class AuditPageTests
{
    [Fact]
    public void The_page_explains_every_code_and_no_other()
    {
        IEnumerable<string> rows = File.ReadLines(Path.Combine(Repository.Root, "docs", "audit.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal));
        Assert.Equal(AuditCodes.All.Select(code => $"| `{code.Name}` | {code.Severity.ToString().ToLowerInvariant()} | {code.Meaning} | {code.Remedy} |"), rows);
    }
}

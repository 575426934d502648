using System.Reflection;
using CertOperator.Testing;

namespace CertOperator.Acceptance.Pages;

/// <summary>Holds that no page for users has a command that no test runs.</summary>
public sealed class PageTests
{
    /// <summary>Blocks that are no shell commands. Other tests apply yaml and hold console equal to what commands print; PowerShell cannot be had.</summary>
    private static readonly string[] OtherLanguages = ["yaml", "console", "text", "powershell"];

    public static TheoryData<string> Pages =>
    [
        "README.md",
        "CONTRIBUTING.md",
        "charts/cert-operator/README.md",
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md").Select(path => Path.GetRelativePath(Repository.Root, path)).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_with_commands_has_one_test_that_runs_them(string page)
    {
        IReadOnlyList<Fence> fences = Fence.Of(page);
        Assert.All(fences, fence => Assert.True(
            Fence.Shells.Contains(fence.Language) || OtherLanguages.Contains(fence.Language),
            $"{page}:{fence.Line}: say what this block is, with one of: {string.Join(", ", Fence.Shells.Concat(OtherLanguages))}."));
        bool hasCommands = fences.Any(fence => Fence.Shells.Contains(fence.Language));
        // A test that is run on a second cluster too is one.
        int tests = typeof(PageTests).Assembly.GetTypes().SelectMany(type => type.GetMethods().Where(method => method.DeclaringType == type)).SelectMany(method => method.GetCustomAttributes<RunsPageAttribute>()).Count(runs => runs.Page == page);
        Assert.True(tests == (hasCommands ? 1 : 0), $"{page} {(hasCommands ? "has" : "has no")} commands, and {tests} tests are marked with RunsPage for it.");
    }
}

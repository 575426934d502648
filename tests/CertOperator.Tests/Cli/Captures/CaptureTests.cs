using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using CertOperator.Testing;
using CertOperator.Testing.Processes;

namespace CertOperator.Cli.Captures;

/// <summary>
/// Runs the commands in the pages. A fenced block <c>console</c> holds commands after <c>$</c> and what they print, which these tests
/// hold equal, or write with WRITE_CAPTURES=1.
/// </summary>
public sealed partial class CaptureTests
{
    private static readonly bool Writes = Environment.GetEnvironmentVariable("WRITE_CAPTURES") == "1";

    /// <summary>Those that have captures.</summary>
    public static TheoryData<string> Pages =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md").Append(Path.Combine(Repository.Root, "README.md"))
            .Where(path => Console().IsMatch(File.ReadAllText(path))).Select(path => Path.GetRelativePath(Repository.Root, path)).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Captures_are_what_the_commands_print(string page)
    {
        await using CaptureFleet fleet = await CaptureFleet.StartAsync();
        string path = Path.Combine(Repository.Root, page), text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        var expected = new StringBuilder();
        int end = 0;
        foreach (Match block in Console().Matches(text))
        {
            expected.Append(text, end, block.Index - end).Append("```console\n");
            foreach (Match command in Prompt().Matches(block.Value))
                expected.Append("$ ").Append(command.Groups["line"].Value).Append('\n').Append(await OutputAsync(fleet, command));
            expected.Append("```");
            end = block.Index + block.Length;
        }

        expected.Append(text, end, text.Length - end);
        if (Writes)
            await File.WriteAllTextAsync(path, expected.ToString(), TestContext.Current.CancellationToken);
        Assert.True(expected.ToString() == text || Writes, $"{page} does not show what the commands print: run this test once with WRITE_CAPTURES=1.\n{expected}");
    }

    private static async Task<string> OutputAsync(CaptureFleet fleet, Match command)
    {
        CommandResult result = await fleet.RunAsync(command.Groups["words"].Value);
        int number = 0;
        var seen = new Dictionary<string, string>();
        // Serial numbers and fingerprints are new each time: the pages show others, as long.
        return Hex().Replace(result.Output + result.Error, found => seen.TryGetValue(found.Value, out string? shown)
            ? shown
            : seen[found.Value] = Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes($"{++number}")))[..Math.Min(found.Length, 64)]);
    }

    [GeneratedRegex(@"^```console\n.*?^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Console();

    [GeneratedRegex(@"^\$ (?<line>(?:cert-operator|kubectl cert) (?<words>.*))$", RegexOptions.Multiline)]
    private static partial Regex Prompt();

    [GeneratedRegex("[0-9A-F]{24,}")]
    private static partial Regex Hex();
}

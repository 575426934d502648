using CertOperator.Testing;

namespace CertOperator.Acceptance.Pages;

/// <summary>A fenced block of a page.</summary>
/// <param name="Line">Of its first fence, counted from 1.</param>
/// <param name="Language">The word after the fence; empty if there is none.</param>
/// <param name="Heading">The last one above it.</param>
/// <param name="Text">What is between the fences.</param>
internal sealed record Fence(int Line, string Language, string Heading, string Text)
{
    private const string Mark = "```";

    /// <summary>Languages of commands that the test of a page runs.</summary>
    public static readonly IReadOnlyList<string> Shells = ["sh", "zsh", "fish"];

    public static IReadOnlyList<Fence> Of(string page, Func<string, string>? change = null)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, page));
        var fences = new List<Fence>();
        string heading = "";
        Fence? open = null;
        foreach (var (index, line) in (change is null ? text : change(text)).Split('\n').Index())
        {
            if (open is null && line.StartsWith(Mark, StringComparison.Ordinal))
                open = new Fence(index + 1, line[Mark.Length..].Split(' ')[0], heading, "");
            else if (open is null && line.StartsWith('#'))
                heading = line.TrimStart('#', ' ');
            else if (open is not null && line == Mark)
                (fences, open) = ([.. fences, open], null);
            else if (open is not null)
                open = open with { Text = $"{open.Text}{line}\n" };
        }

        Assert.True(open is null, $"{page}:{open?.Line}: this block does not end.");
        return fences;
    }
}

using System.Text;

namespace CertOperator.Cli;

/// <summary>Columns as kubectl prints them: upper-case heads, three spaces between.</summary>
internal static class TextTable
{
    private const int Gap = 3;

    public static string Format(IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows)
    {
        List<IReadOnlyList<string>> lines = [heads, .. rows];
        int[] widths = [.. heads.Select((_, column) => lines.Max(line => line[column].Length))];
        var text = new StringBuilder();
        foreach (IReadOnlyList<string> line in lines)
        {
            for (int column = 0; column < line.Count - 1; column++)
                text.Append(line[column].PadRight(widths[column] + Gap));
            text.Append(line[^1]).Append('\n');
        }

        return text.ToString();
    }
}

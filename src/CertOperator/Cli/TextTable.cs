using System.Text;

namespace CertOperator.Cli;

/// <summary>Columns as kubectl prints them: upper-case heads, three spaces between. Whatever words are in them, they cannot steer the terminal.</summary>
internal static class TextTable
{
    private const int Gap = 3;

    private static readonly Palette Plain = new(HasColours: false);

    public static string Format(IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows)
        => Format(heads, rows.Select(row => (IReadOnlyList<Cell>)[.. row.Select(text => (Cell)text)]), Plain);

    public static string Format(IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<Cell>> rows, Palette palette, string indent = "")
    {
        List<IReadOnlyList<Cell>> lines =
        [
            [.. heads.Select(head => (Cell)head)],
            .. rows.Select(row => (IReadOnlyList<Cell>)[.. row.Select(cell => cell with { Text = Printable.Line(cell.Text) })]),
        ];
        int[] widths = [.. heads.Select((_, column) => lines.Max(line => line[column].Text.Length))];
        var text = new StringBuilder();
        foreach (IReadOnlyList<Cell> line in lines)
        {
            text.Append(indent);
            for (int column = 0; column < line.Count - 1; column++)
            {
                text.Append(palette.Paint(line[column].Text, line[column].Tone));
                text.Append(' ', widths[column] + Gap - line[column].Text.Length);
            }

            text.Append(palette.Paint(line[^1].Text, line[^1].Tone)).Append('\n');
        }

        return text.ToString();
    }
}

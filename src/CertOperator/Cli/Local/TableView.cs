namespace CertOperator.Cli.Local;

/// <summary>A table: drawn over and over on a terminal, printed once per change elsewhere.</summary>
internal sealed class TableView(TextWriter output, TextWriter errors, bool live) : ILocalView
{
    private const string ClearScreen = "\u001b[H\u001b[2J";

    private static readonly string[] Heads = ["CERTIFICATE", "READY", "ISSUER", "SECRET", "EXPIRES", "REASON"];

    public void Show(IReadOnlyList<CertificateRow> rows)
    {
        string table = rows.Count == 0
            ? "No Certificates yet.\n"
            : TextTable.Format(Heads, rows.Select(row => (IReadOnlyList<string>)
            [
                $"{row.Namespace}/{row.Name}",
                row.Ready ? "True" : "False",
                row.Issuer,
                row.Secret,
                row.Expires is { } expires ? $"{expires:yyyy-MM-dd HH:mm}Z" : "-",
                row.Ready ? row.Reason : $"{row.Reason}: {row.Message}",
            ]));
        output.Write(live ? ClearScreen + table : table);
        output.Flush();
    }

    public void Complain(string problem) => errors.WriteLine(problem);
}

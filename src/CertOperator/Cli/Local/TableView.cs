namespace CertOperator.Cli.Local;

/// <summary>
/// A table of the Certificates, then a line for each problem: drawn over and over on a terminal, printed once per change
/// elsewhere.
/// </summary>
internal sealed class TableView(TextWriter output, TextWriter errors, bool live) : ILocalView
{
    private const string ClearScreen = "\u001b[H\u001b[2J";

    private static readonly string[] Heads = ["CERTIFICATE", "READY", "ISSUER", "SECRET", "EXPIRES", "FROM", "REASON"];

    public void Show(LocalState state)
    {
        IReadOnlyList<CertificateRow> rows = state.Certificates;
        if (live)
            output.Write(ClearScreen);
        if (rows.Count > 0)
        {
            output.Write(TextTable.Format(Heads, rows.Select(row => (IReadOnlyList<string>)
            [
                $"{row.Namespace}/{row.Name}",
                row.Ready ? "True" : "False",
                row.Issuer,
                row.Secret,
                row.Expires is { } expires ? $"{expires:yyyy-MM-dd HH:mm}Z" : "-",
                row.Place.Length > 0 ? row.Place : "-",
                row.Reason,
            ])));
        }

        output.WriteLine(rows.Count == 0
            ? "No Certificates: no manifest asks for one."
            : $"{rows.Count(row => row.Ready)} of {rows.Count} Certificates ready.");
        output.Flush();
        foreach (Problem problem in state.Problems)
            errors.WriteLine(problem);
    }
}

using System.Text.Json;

namespace CertOperator.Cli.Local;

/// <summary>A JSON array a line for each state.</summary>
internal sealed class JsonView(TextWriter output, TextWriter errors) : ILocalView
{
    public void Show(IReadOnlyList<CertificateRow> rows) => output.WriteLine(JsonSerializer.Serialize(rows, LocalJson.Default.IReadOnlyListCertificateRow));

    public void Complain(string problem) => errors.WriteLine(problem);
}

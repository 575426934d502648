using System.Text.Json;

namespace CertOperator.Cli.Local;

/// <summary>A JSON object a line for each state.</summary>
internal sealed class JsonView(TextWriter output) : ILocalView
{
    public void Show(LocalState state)
    {
        output.WriteLine(JsonSerializer.Serialize(state, LocalJson.Default.LocalState));
        output.Flush();
    }
}

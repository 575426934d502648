using System.CommandLine;
using CertOperator.Api;
using CertOperator.Cli.Clusters;
using CertOperator.Pki;
using CertOperator.Runtime.Client;

namespace CertOperator.Cli.Inspect;

/// <summary><c>cert-operator inspect</c>: a chain link by link, and what is wrong with it.</summary>
internal sealed class InspectCommand(Shell shell)
{
    private readonly ClusterOptions _cluster = new(shell, FormatOption.Table, FormatOption.Json, FormatOption.Yaml);
    private readonly Argument<string[]> _target = new("what")
    {
        Description = "secret/NAME, a file (PEM with or without a key, or DER), HOST:PORT, or - for standard input.",
        Arity = new ArgumentArity(1, 2),
    };

    private readonly Option<string?> _ca = new("--ca") { Description = "PEM file of the CAs to verify with; by default the Secret's ca.crt, and for servers the roots of this machine.", HelpName = "file" };
    private readonly Option<string?> _sni = new("--sni") { Description = "Name to ask the server for; by default its host.", HelpName = "name" };
    private readonly Option<int> _timeout = TimeoutOption.Create("Seconds that a server has to answer", 10);

    public Command Create()
    {
        var command = new Command("inspect", "Shows the certificates of a Secret, a file or a server, and what is wrong with them.") { _target, _ca, _sni, _timeout };
        _cluster.AddTo(command, allNamespaces: false);
        Guarded.SetAction(command, RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        InspectTarget target = InspectTarget.Parse(parsed.GetRequiredValue(_target), File.Exists);
        IReadOnlyList<IssuedCertificate>? anchors = parsed.GetValue(_ca) is { } path ? await FileMaterial.AnchorsAsync(path, cancel) : null;
        using Material material = target switch
        {
            InspectTarget.OfSecret secret => await _cluster.CallAsync(parsed, (call, token) => SecretAsync(call, secret.Name, anchors, token), cancel),
            InspectTarget.OfFile file => await FileMaterial.ReadAsync(file.Path, anchors, shell, cancel),
            InspectTarget.OfServer server => await ServedAsync(parsed, server.Address, anchors, cancel),
            _ => throw new InvalidOperationException($"{target} cannot be inspected."),
        };
        DateTimeOffset now = shell.Time.GetUtcNow();
        var inspection = Inspection.Of(material, now);
        TextWriter output = parsed.InvocationConfiguration.Output;
        string format = _cluster.Format(parsed);
        if (FormatOption.IsStructured(format))
            await CliJson.WriteAsync(output, format, inspection, CliJson.Default.Inspection);
        else
            await output.WriteAsync(InspectionText.Format(inspection, now, new Palette(shell.HasColours)));
        return inspection.Findings.Count == 0 ? ExitCodes.Ok : ExitCodes.NotReady;
    }

    private async Task<Material> ServedAsync(ParseResult parsed, ServerAddress server, IReadOnlyList<IssuedCertificate>? anchors, CancellationToken cancel)
    {
        await using var progress = new ProgressLine(parsed.InvocationConfiguration.Error, shell);
        await progress.TellAsync($"Waiting for {server}");
        return await ServedMaterial.ConnectAsync(server, parsed.GetValue(_sni), anchors, TimeSpan.FromSeconds(parsed.GetValue(_timeout)), shell.Time, cancel);
    }

    private static async Task<Material> SecretAsync(ClusterCall call, string name, IReadOnlyList<IssuedCertificate>? anchors, CancellationToken cancel)
    {
        Secret secret = await call.Client.FindAsync<Secret>(new ObjectKey(call.Namespace, name), cancel)
            ?? throw new CommandException($"There is no Secret {name} in namespace {call.Namespace}: name another namespace with -n.");
        return SecretMaterial.Of(secret, anchors);
    }
}

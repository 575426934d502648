using System.CommandLine;
using CertOperator.Benchmarks.Acme;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;
using Command = System.CommandLine.Command;

namespace CertOperator.Benchmarks;

/// <summary><c>acme</c>: what a certificate costs at an ACME server that never waits.</summary>
internal static class AcmeCommand
{
    private const string Help = """
        Measures certificates from one Pebble that validates without sleeping (PEBBLE_VA_NOSLEEP=1) and refuses no nonces, all on this machine.

        In-process: the library, and in turn on the same names the floor client, which sends the necessary requests without checks or waits.
        Requests per certificate are those in Pebble's log.
        Operator: Certificates on a real API server, validated over HTTP-01 by the operator's own port; from the create to the watch event that shows Ready.
        Peers: lego and certbot as processes of their own, their account registered, one certificate after the other.
        The exit status is 0 only if every certificate was issued and, of the operator, verifies.
        """;

    private static readonly Option<int> Certificates = new("--certificates") { Description = "Certificates of the library and of the floor client.", DefaultValueFactory = _ => 200 };
    private static readonly Option<FileInfo?> Binary = new("--binary") { Description = "A binary to measure in place of the published one." };

    public static Command Create()
    {
        var command = new Command("acme", Help) { Certificates, Binary };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var binary = parsed.GetValue(Binary)?.FullName ?? await OperatorBinary.EnsureAsync(cancel);
        var port = FreePorts.Take(1)[0];
        await using var server = await PebbleServer.StartAsync(new PebbleOptions { NonceRejectPercent = 0, HttpPort = port });
        Console.WriteLine($"Pebble {PebbleServer.Version}");
        (await new InProcessRun(server, port).RunAsync(parsed.GetValue(Certificates), cancel)).Print(Console.Out);
        await using var cluster = await TestCluster.StartAsync();
        var byOperator = await new OperatorRun(server, port, cluster, binary).RunAsync(cancel);
        foreach (var result in byOperator)
        {
            result.Print(Console.Out);
        }

        using var peers = new PeerRun(server, port);
        await peers.RunAsync(Console.Out, cancel);
        return byOperator.All(result => result.AllVerify) ? 0 : 1;
    }
}

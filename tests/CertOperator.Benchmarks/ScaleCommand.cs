using System.CommandLine;
using CertOperator.Benchmarks.Scale;
using CertOperator.Testing.Cluster;

namespace CertOperator.Benchmarks;

/// <summary><c>scale</c>: many certificates at once, in proportion to what the API server can take.</summary>
internal static class ScaleCommand
{
    private const string Help = """
        Measures the operator with many certificates, on a real API server that shares the machine with it.

        Write ceiling: copies of the operator's writes per second from a client that only writes, the best of 4, 8, 16 and 32 in parallel, before and after.
        Rate: the objects are created before the operator starts; from the start of its process to the last Ready.
        Ratio: the time that the operator's writes would take at the mean ceiling, over the time that they took.
        Apply to Ready: as many objects again, created at half that rate while the operator runs; from the create to the watch event that shows Ready.
        A certificate counts when it is Ready and its Secret verifies against the CA. The exit status is 0 only if all count.
        """;

    private static readonly Option<int> Certificates = new("--certificates") { Description = "Certificates of the backlog, and of the arrivals after it.", DefaultValueFactory = _ => 1000 };
    private static readonly Option<string> Source = new("--source") { Description = "What is created: certificate or ingress.", DefaultValueFactory = _ => Workload.Certificate };
    private static readonly Option<FileInfo?> Binary = new("--binary") { Description = "A binary to measure in place of the published one." };

    public static Command Create()
    {
        Source.AcceptOnlyFromAmong(Workload.Certificate, Workload.Ingress);
        Certificates.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError("--certificates must be at least 1.");
            }
        });
        var command = new Command("scale", Help) { Certificates, Source, Binary };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var binary = parsed.GetValue(Binary)?.FullName ?? await OperatorBinary.EnsureAsync(cancel);
        await using var cluster = await TestCluster.StartAsync();
        var installation = await Installation.CreateAsync(cluster);
        using var authority = await ScaleAuthority.CreateAsync(cluster);
        await using var watch = new ReadyWatch(cluster);
        var workload = new Workload(cluster, ScaleAuthority.Issuer, parsed.GetRequiredValue(Source));
        var result = await new ScaleRun(cluster, installation, workload, authority, watch, binary).RunAsync(parsed.GetValue(Certificates), cancel);
        result.Print(Console.Out);
        return result.AllReady ? 0 : 1;
    }
}

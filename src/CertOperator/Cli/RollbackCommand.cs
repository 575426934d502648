using System.CommandLine;
using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Cli.Clusters;
using CertOperator.Runtime.Client;

namespace CertOperator.Cli;

/// <summary><c>cert-operator rollback NAME</c>: asks the operator to put a former key pair back, and waits for its answer.</summary>
internal static class RollbackCommand
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private static readonly Argument<string> Name = new("name") { Description = "Of the Certificate." };
    private static readonly Option<int?> To = new("--to") { Description = "Revision to put back, one of status.history; by default the one that was replaced last.", HelpName = "revision" };
    private static readonly Option<int> Patience = TimeoutOption.Create("Seconds to wait for the operator's answer", 60, least: 0);

    public static Command Create(Shell shell)
    {
        var command = new Command("rollback", "Puts a former key pair of a Certificate back into its Secret; needs history in its spec.") { Name, To, Patience };
        new ClusterOptions(shell, FormatOption.Table, FormatOption.Json, FormatOption.Yaml).Apply(command, RunAsync, allNamespaces: false);
        return command;
    }

    public static async Task<int> RunAsync(ClusterCall call, CancellationToken cancel)
    {
        var key = new ObjectKey(call.Namespace, call.Parsed.GetRequiredValue(Name));
        Certificate certificate = await FindAsync(call, key, cancel);
        int revision = call.Parsed.GetValue(To) ?? (certificate.Status?.History is [var last, ..] ? last.Revision
            : throw new CommandException($"Certificate {key} has no former key pair to go back to: with history in its spec, one is kept at each rotation."));
        string request = $"{revision} {Times.Moment(call.Now)}";
        await call.Client.PatchAsync<Certificate>(
            key, new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Annotations.Rollback] = request } } }, cancel);

        RollbackStatus answer = await AnswerAsync(call, key, request, cancel);
        if (call.IsStructured)
            await CliJson.WriteAsync(call.Output, call.Format, new RollbackReport(revision, answer.Done, answer.Message), CliJson.Default.RollbackReport);
        else
            await call.Output.WriteLineAsync(Printable.Line(answer.Message));
        return answer.Done ? ExitCodes.Ok : ExitCodes.NotReady;
    }

    private static async Task<RollbackStatus> AnswerAsync(ClusterCall call, ObjectKey key, string request, CancellationToken cancel)
    {
        TimeProvider time = call.Shell.Time;
        long asked = time.GetTimestamp();
        TimeSpan patience = TimeSpan.FromSeconds(call.Parsed.GetValue(Patience));
        await using var progress = new ProgressLine(call.Error, call.Shell);
        while (true)
        {
            if ((await FindAsync(call, key, cancel)).Status?.Rollback is { } answer && answer.Request == request)
                return answer;
            if (time.GetElapsedTime(asked) >= patience)
                throw new CommandException($"The operator did not answer within {patience.TotalSeconds:F0} seconds; it will when it runs. Look at status.rollback of Certificate {key} then.");
            await progress.TellAsync("Waiting for the operator's answer");
            await Task.Delay(Look, time, cancel);
        }
    }

    private static async Task<Certificate> FindAsync(ClusterCall call, ObjectKey key, CancellationToken cancel)
        => await call.Client.FindAsync<Certificate>(key, cancel) ?? throw await CertificateLookup.MissingAsync(call, key.Name, cancel);
}

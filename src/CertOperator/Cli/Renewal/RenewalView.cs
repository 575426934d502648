using CertOperator.Api;
using CertOperator.Cli.Clusters;

namespace CertOperator.Cli.Renewal;

/// <summary>Tells what becomes of renewals: a line for each, and meanwhile, on a terminal, how far they are.</summary>
internal sealed class RenewalView(ClusterCall call, IReadOnlyList<Certificate> chosen)
{
    private readonly Dictionary<string, RenewalRow> _rows = chosen.Select(certificate => new RenewalRow(
        certificate.Metadata.Namespace ?? "", certificate.Metadata.Name ?? "", RenewalRow.Asked, RenewCommand.Promise(certificate))).ToDictionary(row => row.ToString());

    private readonly Dictionary<string, Certificate> _before = chosen.ToDictionary(certificate => $"{certificate.Metadata.Namespace}/{certificate.Metadata.Name}");

    public bool IsDone => _rows.Values.All(row => row.State != RenewalRow.Asked);

    public Task AskedAsync(Certificate certificate) => call.IsStructured
        ? Task.CompletedTask
        : call.Output.WriteLineAsync(Printable.Line($"{certificate.Metadata.Namespace}/{certificate.Metadata.Name}: {RenewCommand.Promise(certificate)}"));

    /// <summary>Takes note of a Certificate as it is now.</summary>
    public async Task SeenAsync(Certificate certificate, string value)
    {
        string key = $"{certificate.Metadata.Namespace}/{certificate.Metadata.Name}";
        if (!_before.TryGetValue(key, out Certificate? before) || _rows[key].State != RenewalRow.Asked)
            return;
        RenewalRow row = RenewalProgress.Of(before, certificate, value);
        bool isNews = row != _rows[key];
        _rows[key] = row;
        if (call.IsStructured || !isNews)
            return;
        if (row.State != RenewalRow.Asked)
            await call.Output.WriteLineAsync($"{Printable.Line(key)}: {call.Palette.Paint(row.State.ToLowerInvariant(), row.State == RenewalRow.Failed ? Tone.Bad : Tone.Good)}: {Printable.Line(row.Message)}");
        else if (call.Shell.ShowsProgress)
            await call.Error.WriteLineAsync(Printable.Line($"{key}: {row.Message}"));
    }

    public async Task<int> EndAsync(bool waited)
    {
        if (call.IsStructured)
            await CliJson.WriteAsync(call.Output, call.Format, new RenewalReport([.. _rows.Values]), CliJson.Default.RenewalReport);
        if (!waited)
            return ExitCodes.Ok;
        RenewalRow[] open = [.. _rows.Values.Where(row => row.State == RenewalRow.Asked)];
        if (open.Length > 0)
            throw new CommandException($"No new certificate came in time for {string.Join(", ", open.Take(3))}{(open.Length > 3 ? $" and {open.Length - 3} more" : "")}: cert-operator status NAME tells why, and --timeout waits longer.");
        return _rows.Values.All(row => row.State == RenewalRow.Renewed) ? ExitCodes.Ok : ExitCodes.NotReady;
    }
}

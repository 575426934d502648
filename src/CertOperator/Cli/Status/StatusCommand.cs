using System.CommandLine;
using CertOperator.Api;
using CertOperator.Cli.Chains;
using CertOperator.Cli.Clusters;
using CertOperator.Cli.Inspect;
using CertOperator.Runtime.Client;

namespace CertOperator.Cli.Status;

/// <summary><c>cert-operator status [NAME]</c>: all Certificates in a table, or one on a page.</summary>
internal static class StatusCommand
{
    public static Command Create(Shell shell)
    {
        var name = new Argument<string?>("name") { Description = "A Certificate; all of them without it.", Arity = ArgumentArity.ZeroOrOne };
        var labels = new Option<string?>("--selector", "-l") { Description = "Label selector, for the table.", HelpName = "selector" };
        var command = new Command("status", "Shows Certificates: which are ready, when they expire, what happens next.") { name, labels };
        new ClusterOptions(shell, FormatOption.Table, FormatOption.Wide, FormatOption.Json, FormatOption.Yaml).Apply(command, (call, cancel) => call.Parsed.GetValue(name) is { } one
            ? ShowAsync(call, one, cancel)
            : ListAsync(call, call.Parsed.GetValue(labels), cancel));
        return command;
    }

    private static async Task<int> ListAsync(ClusterCall call, string? labels, CancellationToken cancel)
    {
        IReadOnlyList<Certificate> certificates = (await call.ListAsync<Certificate>(call.Scope, cancel, labels)).Items;
        var fleet = Fleet.Of(certificates, [.. (await call.ListAsync<Issuer>(call.Scope, cancel)).Items, .. await ClusterIssuersAsync(call, certificates, cancel)]);
        if (call.IsStructured)
            await CliJson.WriteAsync(call.Output, call.Format, fleet, CliJson.Default.Fleet);
        else if (fleet.Total == 0 && fleet.Issuers.All(issuer => issuer.Ready))
            await call.Error.WriteLineAsync(Printable.Line(call.AllNamespaces ? "There are no Certificates." : $"There are no Certificates in namespace {call.Namespace}: name another with -n, or all with -A."));
        else
            await call.Output.WriteAsync(FleetText.Format(fleet, new FleetColumns(call.AllNamespaces, call.Format == FormatOption.Wide), call.Now, call.Palette));
        return fleet.Certificates.All(row => row.Ready) && fleet.Issuers.All(issuer => issuer.Ready) ? ExitCodes.Ok : ExitCodes.NotReady;
    }

    /// <summary>Those that the Certificates name, or all of them for all namespaces. Who may read one namespace only may not read these.</summary>
    private static async Task<IEnumerable<ClusterIssuer>> ClusterIssuersAsync(ClusterCall call, IReadOnlyList<Certificate> certificates, CancellationToken cancel)
    {
        var named = certificates.SelectMany(certificate => References(certificate).Where(IsCluster)).Select(reference => reference.Name).ToHashSet(StringComparer.Ordinal);
        if (named.Count == 0 && !call.AllNamespaces)
            return [];
        try
        {
            IReadOnlyList<ClusterIssuer> all = (await call.ListAsync<ClusterIssuer>(null, cancel)).Items;
            return call.AllNamespaces ? all : all.Where(issuer => named.Contains(issuer.Metadata.Name ?? ""));
        }
        catch (KubeException failure) when (failure.Failure == KubeFailure.Forbidden)
        {
            await call.Error.WriteLineAsync("ClusterIssuers are left out: you may not list them.");
            return [];
        }
    }

    private static async Task<int> ShowAsync(ClusterCall call, string name, CancellationToken cancel)
    {
        if (call.AllNamespaces)
            throw new CommandException("A Certificate is named in one namespace: leave out -A, and name the namespace with -n.");
        Certificate certificate = await call.Client.FindAsync<Certificate>(new ObjectKey(call.Namespace, name), cancel)
            ?? throw await CertificateLookup.MissingAsync(call, name, cancel);
        var detail = CertificateDetail.Of(certificate, await IssuersAsync(call, certificate, cancel), await ChainAsync(call, certificate, cancel), call.Now);
        if (call.IsStructured)
            await CliJson.WriteAsync(call.Output, call.Format, detail, CliJson.Default.CertificateDetail);
        else
            await call.Output.WriteAsync(DetailText.Format(detail, call.Now, call.Palette));
        return detail.Certificate.Ready ? ExitCodes.Ok : ExitCodes.NotReady;
    }

    private static async Task<IReadOnlyList<IssuerSummary>> IssuersAsync(ClusterCall call, Certificate certificate, CancellationToken cancel)
    {
        var found = new List<IssuerSummary>();
        foreach (IssuerRef reference in References(certificate))
            found.Add(await IssuerAsync(call, reference, cancel));
        return found;
    }

    private static async Task<IssuerSummary> IssuerAsync(ClusterCall call, IssuerRef reference, CancellationToken cancel)
    {
        ObjectKey key = reference.Key(call.Namespace);
        string? ns = IsCluster(reference) ? null : call.Namespace;
        try
        {
            IIssuerObject? issuer = IsCluster(reference)
                ? await call.Client.FindAsync<ClusterIssuer>(key, cancel)
                : await call.Client.FindAsync<Issuer>(key, cancel);
            return issuer is null
                ? new IssuerSummary(reference.Kind ?? Issuer.Type.Kind, ns, reference.Name, false, "IssuerNotFound", "there is none of this name: create it, or correct issuerRef.")
                : IssuerSummary.Of(issuer);
        }
        catch (KubeException failure) when (failure.Failure == KubeFailure.Forbidden)
        {
            return new IssuerSummary(reference.Kind ?? Issuer.Type.Kind, ns, reference.Name, false, "Forbidden", "you may not read it.");
        }
    }

    /// <summary>What the Secret holds, or why it cannot be shown: that is no reason to show nothing.</summary>
    private static async Task<(IReadOnlyList<ChainLink> Links, string? Problem)> ChainAsync(ClusterCall call, Certificate certificate, CancellationToken cancel)
    {
        string name = certificate.Spec?.SecretName ?? "";
        try
        {
            if (await call.Client.FindAsync<Secret>(new ObjectKey(call.Namespace, name), cancel) is not { } secret)
                return ([], $"The Secret {call.Namespace}/{name} does not exist.");
            using Material material = SecretMaterial.Of(secret, anchors: null);
            var inspection = Inspection.Of(material, call.Now);
            return (inspection.Chain, inspection.Findings.Count == 0 ? null : string.Join(' ', inspection.Findings.Select(finding => finding.Message)));
        }
        catch (KubeException failure) when (failure.Failure is KubeFailure.Forbidden or KubeFailure.Invalid)
        {
            return ([], failure.Message);
        }
    }

    private static IEnumerable<IssuerRef> References(Certificate certificate)
        => certificate.Spec is { } spec ? [spec.IssuerRef, .. spec.FallbackIssuerRefs ?? []] : [];

    private static bool IsCluster(IssuerRef reference) => reference.Kind == ClusterIssuer.Type.Kind;
}

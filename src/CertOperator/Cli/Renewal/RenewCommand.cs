using System.CommandLine;
using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Cli.Clusters;
using CertOperator.Runtime.Client;

namespace CertOperator.Cli.Renewal;

/// <summary><c>cert-operator renew</c>: has new certificates issued at once, and failed attempts made again.</summary>
internal sealed class RenewCommand(Shell shell)
{
    private readonly Argument<string[]> _names = new("name") { Description = "Certificates.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<bool> _all = new("--all") { Description = "Every Certificate of the namespace, or with -A of all namespaces." };
    private readonly Option<string?> _labels = new("--selector", "-l") { Description = "Those with these labels.", HelpName = "selector" };
    private readonly Option<bool> _wait = new("--wait") { Description = "End when the new certificates are stored: status 0, or 1 if an attempt failed." };
    private readonly Option<int> _timeout = TimeoutOption.Create("Seconds to wait at most", 300);

    public Command Create()
    {
        var command = new Command("renew", "Has new certificates issued now, however good the stored ones are.") { _names, _all, _labels, _wait, _timeout };
        command.Validators.Add(result =>
        {
            bool hasNames = result.GetValue(_names) is { Length: > 0 };
            int ways = (hasNames ? 1 : 0) + (result.GetValue(_all) ? 1 : 0) + (result.GetValue(_labels) is null ? 0 : 1);
            if (ways != 1)
                result.AddError("Say which Certificates to renew, in one way: by their names, by --selector, or --all.");
        });
        new ClusterOptions(shell, FormatOption.Table, FormatOption.Json, FormatOption.Yaml).Apply(command, RunAsync);
        return command;
    }

    /// <summary>Tells the operator, in one write: a good certificate is replaced, and a failed attempt made again.</summary>
    public static JsonObject Patch(string value) => new()
    {
        ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Annotations.Renew] = value, [Annotations.RetryNow] = value } },
    };

    /// <summary>What is going to happen to a Certificate. Pure.</summary>
    public static string Promise(Certificate certificate)
    {
        string issuer = certificate.Spec?.IssuerRef.ToString() ?? "its issuer";
        if (certificate.Status?.NotAfter is not { } end)
            return $"{issuer} is asked for a certificate now.";
        return $"{issuer} is asked for a new certificate now; the one in Secret {certificate.Spec?.SecretName}, valid until {Times.Minute(end)}, stays until then.";
    }

    private async Task<int> RunAsync(ClusterCall call, CancellationToken cancel)
    {
        string[] names = call.Parsed.GetValue(_names) ?? [];
        if (names.Length > 0 && call.AllNamespaces)
            throw new CommandException("Certificates are named in one namespace: leave out -A, and name the namespace with -n.");
        ObjectList<Certificate> list = await call.ListAsync<Certificate>(call.Scope, cancel, call.Parsed.GetValue(_labels));
        IReadOnlyList<Certificate> chosen = names.Length == 0 ? list.Items : [.. names.Distinct(StringComparer.Ordinal).Select(name => Find(call, list, name))];
        if (chosen.Count == 0)
            throw new CommandException("No Certificate is meant: cert-operator status -A lists them all.");

        string value = Times.Moment(call.Now);
        var view = new RenewalView(call, chosen);
        foreach (Certificate certificate in chosen)
        {
            await call.Client.PatchAsync<Certificate>(KeyOf(certificate), Patch(value), cancel);
            await view.AskedAsync(certificate);
        }

        if (!call.Parsed.GetValue(_wait))
            return await view.EndAsync(waited: false);
        await new RenewalWatch(call, value, view).RunAsync(list.ResourceVersion, TimeSpan.FromSeconds(call.Parsed.GetValue(_timeout)), cancel);
        return await view.EndAsync(waited: true);
    }

    private static Certificate Find(ClusterCall call, ObjectList<Certificate> list, string name)
        => list.Items.FirstOrDefault(certificate => certificate.Metadata.Name == name) ?? throw CertificateLookup.Missing(call.Namespace, name, list.Items);

    private static ObjectKey KeyOf(Certificate certificate) => new(certificate.Metadata.Namespace ?? "", certificate.Metadata.Name ?? "");
}

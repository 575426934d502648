using System.Text.Json;
using CertOperator.Acme.Errors;
using CertOperator.Acme.Protocol.Wire;

namespace CertOperator.Acme.Protocol;

/// <summary>Makes a directory of what a server sent.</summary>
internal static class DirectoryReader
{
    private const int MaxName = 128;

    public static AcmeDirectory Read(AcmeReply reply, bool allowHttp)
    {
        var wire = WireReader.Read(AcmeStage.Directory, reply, WireJson.Default.WireDirectory);
        var meta = wire.Meta;
        return new AcmeDirectory
        {
            Url = reply.Url,
            NewNonce = Required("newNonce", wire.NewNonce),
            NewAccount = Required("newAccount", wire.NewAccount),
            NewOrder = Required("newOrder", wire.NewOrder),
            NewAuthorization = Optional("newAuthz", wire.NewAuthz),
            RevokeCertificate = Optional("revokeCert", wire.RevokeCert),
            KeyChange = Optional("keyChange", wire.KeyChange),
            RenewalInfo = Optional("renewalInfo", wire.RenewalInfo),
            TermsOfService = Page(meta?.TermsOfService),
            Website = Page(meta?.Website),
            CaaIdentities = [.. (meta?.CaaIdentities ?? []).OfType<string>().Take(AcmeLimits.MetaEntries).Select(name => PrintableText.Clean(name, MaxName))],
            ExternalAccountRequired = meta?.ExternalAccountRequired ?? false,
            Profiles = meta?.Profiles is { } profiles ? Cleaned(profiles) : null,
            Extensions = meta?.Extensions is { Count: <= AcmeLimits.MetaEntries } extensions ? extensions : new Dictionary<string, JsonElement>(),
        };

        Uri Required(string name, string? text) => Optional(name, text) ?? throw Failures.Unreadable(AcmeStage.Directory, reply.Url, $"there is no {name} in it");

        Uri? Optional(string name, string? text) => text is null
            ? null
            : AcmeUri.Parse(text, allowHttp) ?? throw Failures.Unreadable(AcmeStage.Directory, reply.Url, $"its {name} is not an https: URL");
    }

    private static Dictionary<string, string> Cleaned(Dictionary<string, string?> profiles)
    {
        var cleaned = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, description) in profiles.Take(AcmeLimits.MetaEntries))
            cleaned[PrintableText.Clean(name, MaxName)] = PrintableText.Clean(description ?? "");
        return cleaned;
    }

    private static Uri? Page(string? text)
        => text is { Length: <= AcmeLimits.Url } && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" ? uri : null;
}

namespace CertOperator.Testing.Acme.Protocol;

/// <summary>The URLs of the server's resources, made and understood.</summary>
internal sealed class AcmeUrls(Uri address, string suffix)
{
    private static readonly Dictionary<string, AcmeEndpoint> Single = new()
    {
        ["directory"] = AcmeEndpoint.Directory,
        ["new-nonce"] = AcmeEndpoint.NewNonce,
        ["new-account"] = AcmeEndpoint.NewAccount,
        ["key-change"] = AcmeEndpoint.KeyChange,
        ["new-order"] = AcmeEndpoint.NewOrder,
        ["revoke"] = AcmeEndpoint.RevokeCertificate,
        ["renewal-info"] = AcmeEndpoint.RenewalInfo,
    };

    private static readonly Dictionary<string, AcmeEndpoint> Numbered = new()
    {
        ["account"] = AcmeEndpoint.Account,
        ["orders"] = AcmeEndpoint.Orders,
        ["order"] = AcmeEndpoint.Order,
        ["finalize"] = AcmeEndpoint.Finalize,
        ["authorization"] = AcmeEndpoint.Authorization,
        ["challenge"] = AcmeEndpoint.Challenge,
        ["certificate"] = AcmeEndpoint.Certificate,
        ["renewal-info"] = AcmeEndpoint.RenewalInfo,
    };

    public Uri Of(AcmeEndpoint endpoint)
    {
        var path = Single.First(pair => pair.Value == endpoint).Key;
        // Clients append to this one (RFC 9773 section 4.1), so nothing may follow the path.
        return endpoint == AcmeEndpoint.RenewalInfo ? new Uri(address, path) : Make(path);
    }

    /// <summary>The URL of one resource; <paramref name="part"/> is a page of orders or the number of an alternate chain.</summary>
    public Uri Of(AcmeEndpoint endpoint, string id, int part = 0)
    {
        var path = $"{Numbered.First(pair => pair.Value == endpoint).Key}/{id}";
        return Make(part == 0 ? path : $"{path}/{part}");
    }

    public static (AcmeEndpoint Endpoint, string Id, int Part) Parse(string path)
    {
        var parts = path.Trim('/').Split('/');
        var number = 0;
        return parts switch
        {
            [var name] when Single.TryGetValue(name, out var endpoint) => (endpoint, "", 0),
            [var name, var id] when Numbered.TryGetValue(name, out var endpoint) => (endpoint, id, 0),
            [var name, var id, var part] when Numbered.TryGetValue(name, out var endpoint) && int.TryParse(part, out number) => (endpoint, id, number),
            _ => (AcmeEndpoint.Unknown, "", 0),
        };
    }

    private Uri Make(string path) => new(address, path + suffix);
}

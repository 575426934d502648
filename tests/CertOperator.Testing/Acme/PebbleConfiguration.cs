using System.Globalization;
using System.Text.Json.Nodes;

namespace CertOperator.Testing.Acme;

/// <summary>Pebble's configuration file and environment, from <see cref="PebbleOptions"/>.</summary>
internal static class PebbleConfiguration
{
    public static JsonObject File(PebbleOptions options, ChallengeTestServer challenges, Uri directory, Uri management, string certificate, string key) => new()
    {
        ["pebble"] = new JsonObject
        {
            ["listenAddress"] = directory.Authority,
            ["managementListenAddress"] = management.Authority,
            ["certificate"] = certificate,
            ["privateKey"] = key,
            ["httpPort"] = options.HttpPort ?? challenges.HttpPort,
            ["tlsPort"] = options.TlsPort ?? challenges.TlsPort,
            ["domainBlocklist"] = new JsonArray([.. options.BlockedNames.Select(name => (JsonNode)name)]),
            ["externalAccountBindingRequired"] = options.ExternalAccountKeys.Count > 0,
            ["externalAccountMACKeys"] = new JsonObject(
                options.ExternalAccountKeys.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
            ["retryAfter"] = options.RetryAfterSeconds is { } seconds ? new JsonObject { ["authz"] = seconds, ["order"] = seconds } : null,
            ["profiles"] = options.Profiles.Count == 0 ? null : new JsonObject(options.Profiles.Select(Profile)),
            ["keyAlgorithm"] = "ecdsa",
            ["caaIdentities"] = new JsonArray("pebble.example"),
        },
    };

    public static Dictionary<string, string> Environment(PebbleOptions options) => new()
    {
        ["PEBBLE_WFE_NONCEREJECT"] = Text(options.NonceRejectPercent),
        ["PEBBLE_AUTHZREUSE"] = Text(options.AuthorizationReusePercent),
        ["PEBBLE_VA_NOSLEEP"] = options.ValidationSleepSeconds == 0 ? "1" : "",
        ["PEBBLE_VA_SLEEPTIME"] = Text(Math.Max(1, options.ValidationSleepSeconds)),
        ["PEBBLE_VA_ALWAYS_VALID"] = options.AlwaysValid ? "1" : "",
        ["PEBBLE_WFE_ORDERS_PER_PAGE"] = Text(options.OrdersPerPage),
        ["PEBBLE_CHAIN_LENGTH"] = Text(options.ChainLength),
        ["PEBBLE_ALTERNATE_ROOTS"] = Text(options.AlternateRoots),
    };

    private static KeyValuePair<string, JsonNode?> Profile(KeyValuePair<string, TimeSpan> profile) => new(profile.Key, new JsonObject
    {
        ["description"] = $"The profile {profile.Key}",
        ["validityPeriod"] = (long)profile.Value.TotalSeconds,
    });

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}

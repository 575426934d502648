using System.Text;
using System.Text.Json.Nodes;

namespace CertOperator.Testing.Acme.Protocol;

/// <summary>A flattened JWS (RFC 7515 section 7.2.2) as RFC 8555 section 6.2 narrows it, taken apart and not yet verified.</summary>
internal sealed class Jws
{
    private readonly string _input;
    private readonly byte[] _signature;

    private Jws(JsonObject json)
    {
        json.Only("the JWS", "protected", "payload", "signature");
        Header = Base64.DecodeObject(json.Text("protected"), "the protected header");
        _input = $"{json.Text("protected")}.{json.Text("payload")}";
        Payload = Encoding.UTF8.GetString(Base64.Decode(json.Text("payload"), "the payload"));
        _signature = Base64.Decode(json.Text("signature"), "the signature");
        Header.Only("the protected header", "alg", "nonce", "url", "jwk", "kid", "typ");
        if (Header.ContainsKey("jwk") == Header.ContainsKey("kid")) throw Refusal.Malformed("the protected header needs exactly one of jwk and kid");
    }

    public JsonObject Header { get; }

    /// <summary>Empty for POST-as-GET (RFC 8555 section 6.3).</summary>
    public string Payload { get; }

    public string Url => Header.Text("url");

    public string? Nonce => Header.OptionalText("nonce");

    public string? KeyId => Header.OptionalText("kid");

    public JsonObject? Jwk => Header.OptionalObject("jwk");

    public string Algorithm => Header.Text("alg");

    public byte[] Input => Encoding.ASCII.GetBytes(_input);

    public byte[] Signature => _signature;

    public static Jws Parse(string body) => new(Base64.ParseObject(body, "the body"));

    public static Jws Read(JsonObject json) => new((JsonObject)json.DeepClone());

    public JsonObject PayloadObject() => Base64.ParseObject(Payload, "the payload");

    public void Verify(PublicJwk key) => key.Verify(Algorithm, Input, _signature);
}

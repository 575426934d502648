using System.Text;
using System.Text.Json;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Client.Http;
using CertOperator.Runtime.Tests.Kinds;
using FsCheck.Xunit;

namespace CertOperator.Runtime.Tests.Client.Http;

public sealed class ListReaderTests
{
    private const string Items = """
        [ {"metadata":{"name":"a","namespace":"ns"},"data":{"k":"{[\"}"}},
          {"metadata":{"name":"b","namespace":"ns"},"data":{"k":[1]}},
          null, 7,
          {"metadata":{"name":"c","namespace":"ns"},"other":{"deep":[[[[{}]]]]}} ]
        """;

    private const string List = "{\"kind\":\"ConfigMapList\",\"items\":" + Items
        + ",\"metadata\":{\"resourceVersion\":\"12\",\"continue\":\"next\"},\"x\":{\"items\":[]}}";

    [Property]
    public async Task<bool> A_list_reads_the_same_however_it_is_cut_into_pieces(byte[] pieces)
    {
        var list = await ReadAsync(List, pieces);
        return list.Items.Select(item => item.Metadata.Name).SequenceEqual(["a", "c"])
            && list.Undecodable.Select(item => item.Key).SequenceEqual([new("ns", "b"), new("", ""), new("", "")])
            && (list.ResourceVersion, list.Continue) == ("12", "next");
    }

    [Fact]
    public async Task A_list_that_breaks_off_anywhere_is_an_error()
    {
        for (var length = 0; length < List.Length; length++)
            await Assert.ThrowsAnyAsync<JsonException>(() => ReadAsync(List[..length], [7]));
    }

    [Theory]
    [InlineData("""{"metadata":{"resourceVersion":"3"},"items":null}""")]
    [InlineData("""{"metadata":{"resourceVersion":"3","continue":""}}""")]
    public async Task A_list_may_be_empty(string json)
    {
        var list = await ReadAsync(json, [5]);

        Assert.Empty(list.Items);
        Assert.Equal(("3", null), (list.ResourceVersion, list.Continue));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("""{"items":{}}""")]
    [InlineData("""{"metadata":[]}""")]
    public Task What_is_no_list_is_an_error(string json) => Assert.ThrowsAnyAsync<JsonException>(() => ReadAsync(json, [3]));

    [Fact]
    public async Task An_object_nested_beyond_reason_harms_only_itself()
    {
        var deep = new string('[', 200) + new string(']', 200);
        var list = await ReadAsync($$$"""{"items":[{"metadata":{"name":"a"},"data":{{{deep}}}},{"metadata":{"name":"b"},"skipped":{{{deep}}}}]}""", [9]);

        Assert.Equal("b", Assert.Single(list.Items).Metadata.Name);
        Assert.Equal("a", Assert.Single(list.Undecodable).Key.Name);
    }

    [Fact]
    public async Task The_reason_names_the_path_and_never_the_content()
    {
        var list = await ReadAsync<Gadget>("""{"items":[{"metadata":{"name":"a","namespace":"ns"},"spec":{"size":"hidden"}}]}""", [64]);

        Assert.Equal([new UndecodableObject(new ObjectKey("ns", "a"), "the value at $.spec.size does not fit its type.")], list.Undecodable);
    }

    private static Task<ObjectList<ConfigMap>> ReadAsync(string json, byte[] pieces) => ReadAsync<ConfigMap>(json, pieces);

    private static async Task<ObjectList<T>> ReadAsync<T>(string json, byte[] pieces) where T : class, IKubeObject<T>
    {
        using var response = new HttpResponseMessage { Content = new StreamContent(new PiecewiseStream(Encoding.UTF8.GetBytes(json), pieces)) };
        using var body = BodyReader.Open(response, KubeLimits.Object);
        return await ListReader<T>.ReadAsync(body, default);
    }
}

-- What a person sees in Neovim: prints diagnostics, issues Certificate/db, prints the lenses. One JSON value a line.
local function say(value)
  io.stdout:write(vim.fn.json_encode(value) .. '\n')
end

vim.cmd('edit ' .. vim.fn.fnameescape(vim.env.MANIFEST))
vim.bo.filetype = 'yaml'
vim.lsp.handlers['window/showMessageRequest'] = function(_, question)
  for _, action in ipairs(question.actions) do
    if action.title == 'Issue' then
      say({ asked = question.message })
      return action
    end
  end
  return vim.NIL
end
local client = vim.lsp.start_client({
  name = 'idac',
  cmd = { vim.env.NODE, vim.env.IDAC, 'lsp', '--stdio', '--trusted' },
  root_dir = vim.fn.getcwd(),
})
vim.lsp.buf_attach_client(0, client)

vim.wait(15000, function()
  return #vim.diagnostic.get(0) > 0
end, 50)
for _, each in ipairs(vim.diagnostic.get(0)) do
  say({ code = each.code, line = each.lnum, column = each.col, source = each.source })
end

local function ask(method, params)
  local answers = vim.lsp.buf_request_sync(0, method, params, 15000) or {}
  local _, answer = next(answers)
  return answer and answer.result or {}
end
local outcome = ask('workspace/executeCommand', {
  command = 'idac.run',
  arguments = { { verb = 'issue', identity = 'Certificate/db', uri = vim.uri_from_bufnr(0) } },
})
say({ message = outcome.message, state = outcome.result and outcome.result.state })
for _, lens in ipairs(ask('textDocument/codeLens', { textDocument = vim.lsp.util.make_text_document_params() })) do
  say({ lens = lens.command.title, line = lens.range.start.line })
end
vim.lsp.stop_client(client)
vim.cmd('qall!')
